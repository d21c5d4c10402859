import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';

/** Tells where hot state is kept: sessions, run logs, leases. */
@Injectable()
export class StorageProbe implements HealthProbe, OnModuleInit {
  readonly name = 'storage';
  readonly required = true;

  constructor(private readonly probes: HealthProbes) {}

  onModuleInit(): void {
    this.probes.register(this);
  }

  /** Memory is always there: it answers at once, or the process is gone. */
  async check(): Promise<ProbeReport> {
    return { status: 'healthy', adapter: 'memory', usingFallback: false, latencyMs: 0 };
  }
}
