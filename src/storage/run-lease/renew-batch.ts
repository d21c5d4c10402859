import type { LeaseHolder } from '../../run/run-lease.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { ScriptBatch } from '../redis/script-batch.js';
import { RENEW } from './redis-run-lease.scripts.js';

/** How many leases one script renews. */
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
  private readonly batch = new ScriptBatch<WaitingRenewal>({
    sizeFrom: (all, from) => Math.min(all.length - from, MAX_LEASES),
    send: (batch) => this.send(batch),
    fail: ({ reject }, error) => reject(error),
  });

  constructor(private readonly connections: RedisConnections) {}

  /** False where the lease is no longer the holder's. Rejects with STORE_UNAVAILABLE where Redis cannot be had. */
  renew(renewal: Renewal): Promise<boolean> {
    return new Promise((resolve, reject) => this.batch.add({ renewal, resolve, reject }));
  }

  private async send(batch: readonly WaitingRenewal[]): Promise<void> {
    const lost = new Set(await this.run(batch.map(({ renewal }) => renewal)));
    batch.forEach(({ resolve }, at) => resolve(!lost.has(at)));
  }

  /** The numbers of those that were not renewed. */
  private run(renewals: readonly Renewal[]): Promise<number[]> {
    const keys = renewals.map(({ key }) => key);
    const args = renewals.flatMap(({ owner, epoch, ttlMs }) => [owner, epoch, ttlMs]);
    return this.connections.run((redis) => RENEW.run(redis, keys, args) as Promise<number[]>);
  }
}
