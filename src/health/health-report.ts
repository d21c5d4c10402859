import type { HealthProbe, ProbeReport, ProbeStatus } from '../common/health-probe.js';

/** A probe and its answer, with the status always filled in. */
export interface ProbeOutcome {
  probe: HealthProbe;
  report: ProbeReport & { status: ProbeStatus };
}

/** A probe that says nothing of its status is healthy: it answered. */
export const outcomeOf = (probe: HealthProbe, report: ProbeReport): ProbeOutcome => ({
  probe,
  report: { ...report, status: report.status ?? 'healthy' },
});

/** Whether the server cannot do its work because of this answer. */
export const isFatal = ({ probe, report }: ProbeOutcome): boolean => probe.required && report.status === 'unhealthy';

/** Unhealthy when a required probe is; degraded when any other probe is not healthy. */
export function overallStatus(outcomes: readonly ProbeOutcome[]): ProbeStatus {
  if (outcomes.some(isFatal)) return 'unhealthy';
  return outcomes.every(({ report }) => report.status === 'healthy') ? 'healthy' : 'degraded';
}
