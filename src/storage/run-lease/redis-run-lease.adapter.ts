import { type LeaseHolder, RunLease } from '../../run/run-lease.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { ACQUIRE, FIND, RELEASE } from './redis-run-lease.scripts.js';
import { RenewBatch } from './renew-batch.js';

/** Leases that all nodes share, by the clock of Redis. Every method rejects with STORE_UNAVAILABLE without Redis. */
export class RedisRunLease extends RunLease {
  private readonly renewals: RenewBatch;

  constructor(private readonly connections: RedisConnections) {
    super();
    this.renewals = new RenewBatch(connections);
  }

  override async acquire(runId: string, { owner, epoch }: LeaseHolder, ttlMs: number): Promise<boolean> {
    return (await this.run(ACQUIRE, runId, [owner, epoch, ttlMs])) === 1;
  }

  /** Together with all that are renewed in this turn of the event loop. */
  override renew(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> {
    return this.renewals.renew({ key: this.keyOf(runId), ...holder, ttlMs });
  }

  override async release(runId: string, { owner, epoch }: LeaseHolder): Promise<boolean> {
    return (await this.run(RELEASE, runId, [owner, epoch])) === 1;
  }

  override async find(runId: string): Promise<LeaseHolder | undefined> {
    const [owner, epoch] = (await this.run(FIND, runId, [])) as [string, string] | [];
    return owner === undefined ? undefined : { owner, epoch: Number(epoch) };
  }

  private run(script: typeof ACQUIRE, runId: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.connections.run((redis) => script.run(redis, [this.keyOf(runId)], args));
  }

  private keyOf(runId: string): string {
    return this.connections.key(`run:{${runId}}:lease`);
  }
}
