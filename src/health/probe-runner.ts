import { Logger } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { HealthProbe, ProbeReport } from '../common/health-probe.js';
import { outcomeOf, type ProbeOutcome } from './health-report.js';

/** How long a probe may take before it counts as unhealthy. */
export const PROBE_TIME_LIMIT_MS = 1000;

/**
 * Asks probes, each within the time limit and never twice at once: who asks while a check runs shares its answer, also
 * when that check hangs for ever. Never rejects; what a probe throws is logged and not shown.
 */
export class ProbeRunner {
  private readonly logger = new Logger('Health');
  private readonly running = new Map<HealthProbe, Promise<ProbeOutcome>>();
  private readonly failing = new Set<HealthProbe>();

  constructor(private readonly timeLimitMs = PROBE_TIME_LIMIT_MS) {}

  run(probe: HealthProbe): Promise<ProbeOutcome> {
    const running = this.running.get(probe);
    if (running) return running;
    const check = this.check(probe).finally(() => this.running.delete(probe));
    const limited = this.within(check).then((report) => outcomeOf(probe, report));
    this.running.set(probe, limited);
    return limited;
  }

  private async check(probe: HealthProbe): Promise<ProbeReport> {
    try {
      const report = await probe.check();
      this.failing.delete(probe);
      return report;
    } catch (error) {
      if (!this.failing.has(probe)) this.logger.warn(error, `health check "${probe.name}" failed`);
      this.failing.add(probe);
      return { status: 'unhealthy', reason: error instanceof TalksyError ? error.message : 'the check failed' };
    }
  }

  private async within(check: Promise<ProbeReport>): Promise<ProbeReport> {
    const limit = Promise.withResolvers<ProbeReport>();
    const reason = `no answer within ${this.timeLimitMs} ms`;
    const timer = setTimeout(() => limit.resolve({ status: 'unhealthy', reason }), this.timeLimitMs);
    try {
      return await Promise.race([check, limit.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
