import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { SessionService } from './session.service.js';

/** Tells how many sessions this node keeps. */
@Injectable()
export class SessionProbe implements HealthProbe, OnModuleInit {
  readonly name = 'sessions';
  readonly required = false;

  constructor(
    private readonly probes: HealthProbes,
    private readonly sessions: SessionService,
  ) {}

  onModuleInit(): void {
    this.probes.register(this);
  }

  async check(): Promise<ProbeReport> {
    return { ...(await this.sessions.count()) };
  }
}
