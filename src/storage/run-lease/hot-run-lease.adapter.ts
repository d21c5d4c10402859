import { LRUCache } from 'lru-cache';
import { type LeaseHolder, RunLease } from '../../run/run-lease.port.js';
import type { HotStorage } from '../redis/hot-storage.js';
import { isUnreachable } from '../redis/redis-errors.js';
import type { MemoryRunLease } from './memory-run-lease.adapter.js';
import type { RedisRunLease } from './redis-run-lease.adapter.js';

/** A run that nobody has owned before: only such a one may begin in memory. */
const FIRST_EPOCH = 1;
/** More than one node plays at once. */
const REMEMBERED_RUNS = 10_000;

/** Leases in Redis; in memory those of runs that began while Redis could not be had. A lease stays where it began. */
export class HotRunLease extends RunLease {
  /** Runs whose lease was taken in Redis by this node: they must not have a second one in memory. */
  private readonly taken = new LRUCache<string, true>({ max: REMEMBERED_RUNS });

  constructor(
    private readonly memory: MemoryRunLease,
    private readonly redis: RedisRunLease,
    private readonly hot: HotStorage,
  ) {
    super();
  }

  override async acquire(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> {
    if (this.memory.holds(runId)) return this.memory.acquire(runId, holder, ttlMs);
    const mayBeLocal = holder.epoch === FIRST_EPOCH && !this.taken.has(runId);
    if (mayBeLocal && !this.hot.usesRedis) return this.memory.acquire(runId, holder, ttlMs);
    try {
      const got = await this.redis.acquire(runId, holder, ttlMs);
      if (got) this.taken.set(runId, true);
      return got;
    } catch (error) {
      if (!mayBeLocal || !isUnreachable(error)) throw error;
      return this.memory.acquire(runId, holder, ttlMs);
    }
  }

  override renew(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> | true {
    return this.homeOf(runId).renew(runId, holder, ttlMs);
  }

  override release(runId: string, holder: LeaseHolder): Promise<boolean> {
    this.taken.delete(runId);
    return this.homeOf(runId).release(runId, holder);
  }

  override find(runId: string): Promise<LeaseHolder | undefined> {
    return this.homeOf(runId).find(runId);
  }

  private homeOf(runId: string): RunLease {
    return this.memory.holds(runId) ? this.memory : this.redis;
  }
}
