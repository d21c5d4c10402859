import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { Metrics } from '../observability/metrics.service.js';
import { RunEngine } from './run-engine.service.js';

/** Tells how many answers this node is writing. */
@Injectable()
export class RunProbe implements HealthProbe, OnModuleInit {
  readonly name = 'runs';
  readonly required = false;

  constructor(
    private readonly probes: HealthProbes,
    private readonly engine: RunEngine,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.probes.register(this);
    this.metrics.gauge({ name: 'talksy_runs_active', help: 'Answers that this node is writing.' }, () => [
      { value: this.engine.activeCount },
    ]);
  }

  async check(): Promise<ProbeReport> {
    return { active: this.engine.activeCount };
  }
}
