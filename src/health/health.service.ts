import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { HealthProbes, type ProbeReport, type ProbeStatus } from '../common/health-probe.js';
import { Lifecycle, type LifecyclePhase } from '../common/lifecycle.js';
import { NodeIdentity } from '../common/node-identity.js';
import { APP_INFO } from '../common/app-info.js';
import { isFatal, overallStatus, type ProbeOutcome } from './health-report.js';
import { ProbeRunner } from './probe-runner.js';

/** Whether traffic is welcome; `failing` names the required rooms that do not work. */
export interface Readiness {
  status: LifecyclePhase | 'unavailable';
  failing?: string[];
}

export interface DetailedHealth {
  status: ProbeStatus;
  timestamp: string;
  version: string;
  environment: string;
  phase: LifecyclePhase;
  /** Seconds since the process began. */
  uptime: number;
  node: string;
  checks: Record<string, ProbeReport>;
}

/** Puts the answers of all probes together. */
@Injectable()
export class HealthService {
  constructor(
    private readonly probes: HealthProbes,
    private readonly runner: ProbeRunner,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly identity: NodeIdentity,
  ) {}

  get phase(): LifecyclePhase {
    return this.lifecycle.phase;
  }

  timestamp(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** Asks only the required probes, and none while the server starts or drains. */
  async readiness(): Promise<Readiness> {
    if (this.phase !== 'ready') return { status: this.phase };
    const required = this.probes.all().filter((probe) => probe.required);
    const outcomes = await Promise.all(required.map((probe) => this.runner.run(probe)));
    const failing = outcomes.filter(isFatal).map(({ probe }) => probe.name);
    return failing.length > 0 ? { status: 'unavailable', failing } : { status: this.phase };
  }

  async detailed(environment: string): Promise<DetailedHealth> {
    const outcomes = await Promise.all(this.probes.all().map((probe) => this.runner.run(probe)));
    return {
      status: overallStatus(outcomes),
      timestamp: this.timestamp(),
      version: APP_INFO.version,
      environment,
      phase: this.phase,
      uptime: Math.round(process.uptime()),
      node: this.identity.id,
      checks: checksOf(outcomes),
    };
  }
}

function checksOf(outcomes: readonly ProbeOutcome[]): Record<string, ProbeReport> {
  return Object.fromEntries(outcomes.map(({ probe, report }) => [probe.name, report]));
}
