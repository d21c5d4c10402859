import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';

const RESOLUTION_MS = 20;
/** Streams stutter visibly from here on. */
const SLOW_LAG_MS = 100;

/** How late timers fire since the last check: the mean as `lagMs`, and the worst. Owns its monitor. */
@Injectable()
export class EventLoopProbe implements HealthProbe, OnApplicationShutdown {
  readonly name = 'eventLoop';
  readonly required = false;
  private readonly delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(probes: HealthProbes) {
    probes.register(this);
    this.delay.enable();
  }

  async check(): Promise<ProbeReport> {
    const { mean, max } = this.delay;
    this.delay.reset();
    return eventLoopReport(mean, max);
  }

  onApplicationShutdown(): void {
    this.delay.disable();
  }
}

/** Pure part of the probe; takes nanoseconds between two ticks of the monitor, NaN where it has not ticked yet. */
export function eventLoopReport(meanNs: number, maxNs: number): ProbeReport {
  const lagMs = lagOf(meanNs);
  return { status: lagMs > SLOW_LAG_MS ? 'degraded' : 'healthy', lagMs, maxLagMs: lagOf(maxNs) };
}

/** The monitor's own pause is no lag. */
function lagOf(nanoseconds: number): number {
  const lagMs = (nanoseconds || 0) / 1e6 - RESOLUTION_MS;
  return Math.max(0, Math.round(lagMs * 10) / 10);
}
