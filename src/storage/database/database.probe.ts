import type { HealthProbe, ProbeReport } from '../../common/health-probe.js';
import type { Database } from './database.js';

/** Asks the database a question; without it nothing durable works. */
export class DatabaseProbe implements HealthProbe {
  readonly name = 'database';
  readonly required = true;

  constructor(private readonly database: Database) {}

  /** `latencyMs` is the time of the answer, or of giving up. */
  async check(): Promise<ProbeReport> {
    const startedAt = performance.now();
    const status = await this.database.ping().then(
      () => 'healthy' as const,
      () => 'unhealthy' as const,
    );
    const latencyMs = Math.round((performance.now() - startedAt) * 100) / 100;
    return { status, adapter: this.database.adapter, latencyMs };
  }
}
