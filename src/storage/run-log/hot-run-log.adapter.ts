import type { RunRecord } from '../../run/run-event.js';
import { type LogHead, type MayDeliverUnlogged, type RecordStream, RunLog } from '../../run/run-log.port.js';
import type { HotStorage } from '../redis/hot-storage.js';
import { isUnreachable } from '../redis/redis-errors.js';
import type { MemoryRunLog } from './memory-run-log.adapter.js';
import type { RedisRunLog } from './redis-run-log.adapter.js';

/** A run that nobody has owned before: only such a one may begin in memory. */
const FIRST_EPOCH = 1;

/** Run logs in Redis; in memory those that began while Redis could not be had. A log stays where it began. */
export class HotRunLog extends RunLog {
  constructor(
    private readonly memory: MemoryRunLog,
    private readonly redis: RedisRunLog,
    private readonly hot: HotStorage,
  ) {
    super();
  }

  /** Whether all runs of this node, and those that start now, can be read by other nodes. */
  override get shared(): boolean {
    return this.hot.usesRedis && this.memory.liveCount === 0;
  }

  override async open(runId: string, epoch: number): Promise<LogHead> {
    if (this.memory.holds(runId)) return this.memory.open(runId, epoch);
    const mayBeLocal = epoch === FIRST_EPOCH && !this.redis.owns(runId);
    if (mayBeLocal && !this.hot.usesRedis) return this.memory.open(runId, epoch);
    try {
      return await this.redis.open(runId, epoch);
    } catch (error) {
      if (!mayBeLocal || !isUnreachable(error)) throw error;
      return this.memory.open(runId, epoch);
    }
  }

  override append(runId: string, records: readonly RunRecord[]): Promise<void> | undefined {
    return this.homeOf(runId).append(runId, records);
  }

  override find(runId: string): Promise<LogHead | undefined> {
    return this.homeOf(runId).find(runId);
  }

  override follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream {
    return this.homeOf(runId).follow(runId, afterSeq, signal);
  }

  override requestStop(runId: string): Promise<boolean> {
    return this.homeOf(runId).requestStop(runId);
  }

  override untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean> {
    return this.homeOf(runId).untilStopRequested(runId, signal);
  }

  override retire(runId: string, retentionMs: number): Promise<void> {
    return this.homeOf(runId).retire(runId, retentionMs);
  }

  override allowUnlogged(mayDeliverUnlogged: MayDeliverUnlogged): void {
    this.redis.allowUnlogged(mayDeliverUnlogged);
  }

  private homeOf(runId: string): RunLog {
    return this.memory.holds(runId) ? this.memory : this.redis;
  }
}
