import { type LeaseHolder, RunLease } from '../../run/run-lease.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { ACQUIRE, FIND, RELEASE, RENEW } from './redis-run-lease.scripts.js';

/** Leases that all nodes share, by the clock of Redis. Every method rejects with STORE_UNAVAILABLE without Redis. */
export class RedisRunLease extends RunLease {
  constructor(private readonly connections: RedisConnections) {
    super();
  }

  override async acquire(runId: string, { owner, epoch }: LeaseHolder, ttlMs: number): Promise<boolean> {
    return (await this.run(ACQUIRE, runId, [owner, epoch, ttlMs])) === 1;
  }

  override async renew(runId: string, { owner, epoch }: LeaseHolder, ttlMs: number): Promise<boolean> {
    return (await this.run(RENEW, runId, [owner, epoch, ttlMs])) === 1;
  }

  override async release(runId: string, { owner, epoch }: LeaseHolder): Promise<boolean> {
    return (await this.run(RELEASE, runId, [owner, epoch])) === 1;
  }

  override async find(runId: string): Promise<LeaseHolder | undefined> {
    const [owner, epoch] = (await this.run(FIND, runId, [])) as [string, string] | [];
    return owner === undefined ? undefined : { owner, epoch: Number(epoch) };
  }

  private run(script: typeof ACQUIRE, runId: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.connections.run((redis) => script.run(redis, [this.connections.key(`run:{${runId}}:lease`)], args));
  }
}
