import type { LeaseHolder } from '../../run/run-lease.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { isUnreachable } from '../redis/redis-errors.js';
import { RENEW } from './redis-run-lease.scripts.js';

/** How many leases one script renews: a bound on how long Redis does nothing else. */
const MAX_LEASES = 100;

/** A lease to be renewed: its key in Redis, and what its holder says. */
export interface Renewal extends LeaseHolder {
  key: string;
  ttlMs: number;
}

interface WaitingRenewal {
  renewal: Renewal;
  resolve: (isRenewed: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * Renews the leases of one turn of the event loop together: a node renews those of all its runs at once, and a command
 * for each of two thousand would keep the tokens of all of them waiting.
 */
export class RenewBatch {
  private waiting: WaitingRenewal[] = [];

  constructor(private readonly connections: RedisConnections) {}

  /** False where the lease is no longer the holder's. Rejects with STORE_UNAVAILABLE where Redis cannot be had. */
  renew(renewal: Renewal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ renewal, resolve, reject });
      if (this.waiting.length === 1) process.nextTick(this.sendAll);
    });
  }

  private readonly sendAll = (): void => {
    const all = this.waiting;
    this.waiting = [];
    for (let at = 0; at < all.length; at += MAX_LEASES) void this.send(all.slice(at, at + MAX_LEASES));
  };

  private async send(batch: readonly WaitingRenewal[]): Promise<void> {
    try {
      const lost = new Set(await this.run(batch.map(({ renewal }) => renewal)));
      batch.forEach(({ resolve }, at) => resolve(!lost.has(at)));
    } catch (error) {
      // What is wrong with one lease must not be the end of the others.
      if (batch.length > 1 && !isUnreachable(error)) for (const one of batch) void this.send([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** The numbers of those that were not renewed. */
  private run(renewals: readonly Renewal[]): Promise<number[]> {
    const keys = renewals.map(({ key }) => key);
    const args = renewals.flatMap(({ owner, epoch, ttlMs }) => [owner, epoch, ttlMs]);
    return this.connections.run((redis) => RENEW.run(redis, keys, args) as Promise<number[]>);
  }
}
