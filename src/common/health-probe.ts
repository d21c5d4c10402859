export type ProbeStatus = 'healthy' | 'degraded' | 'unhealthy';

/** One room's answer about itself; what stands beside `status` is shown as it is in /health/detailed. */
export interface ProbeReport {
  status?: ProbeStatus;
  [fact: string]: unknown;
}

/** A room's own health check. It may reject or hang: whoever calls it sets the time limit. */
export interface HealthProbe {
  readonly name: string;
  /** Whether the server can answer at all without this room; decides readiness. */
  readonly required: boolean;
  check(): Promise<ProbeReport>;
}

/** Where rooms leave their probes at start, and where `health/` finds them. */
export class HealthProbes {
  private readonly probes: HealthProbe[] = [];

  register(probe: HealthProbe): void {
    this.probes.push(probe);
  }

  all(): readonly HealthProbe[] {
    return this.probes;
  }
}
