import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { Metrics } from '../observability/metrics.service.js';
import { SessionService } from './session.service.js';

/** Tells how many sessions this node keeps. */
@Injectable()
export class SessionProbe implements HealthProbe, OnModuleInit {
  readonly name = 'sessions';
  readonly required = false;

  constructor(
    private readonly probes: HealthProbes,
    private readonly sessions: SessionService,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.probes.register(this);
    this.metrics.gauge(
      {
        name: 'talksy_sessions',
        help: 'Sessions that this node keeps, by whether somebody is connected.',
        labels: ['state'],
      },
      async () => {
        const { active, total } = await this.sessions.count();
        return [
          { labels: { state: 'connected' }, value: active },
          { labels: { state: 'disconnected' }, value: total - active },
        ];
      },
    );
  }

  async check(): Promise<ProbeReport> {
    return { ...(await this.sessions.count()) };
  }
}
