import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import type { RunRecord } from '../../run/run-event.js';
import { type LogHead, type RecordStream, RunLog, RunLogRefusal } from '../../run/run-log.port.js';
import { Bell } from './bell.js';
import { LogFollower } from './log-follower.js';
import { MemoryLog } from './memory-log.js';

/** Ended logs beyond this go early; a resume is then answered from the stored message. */
const ENDED_LOGS_MAX_BYTES = 64 * 1024 * 1024;

/** The run log of a single node. Bounded: by the runs in flight, and by bytes for those that have ended. */
@Injectable()
export class MemoryRunLog extends RunLog {
  override readonly shared: boolean = false;
  private readonly live = new Map<string, MemoryLog>();
  private readonly ended: LRUCache<string, MemoryLog>;

  constructor(clock: Clock) {
    super();
    this.ended = new LRUCache({
      maxSize: ENDED_LOGS_MAX_BYTES,
      sizeCalculation: (log) => log.bytes,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
    });
  }

  /** Runs that are being written here. */
  get liveCount(): number {
    return this.live.size;
  }

  /** Whether the log lives here. */
  holds(runId: string): boolean {
    return this.get(runId) !== undefined;
  }

  override async open(runId: string, epoch: number): Promise<LogHead> {
    let log = this.get(runId);
    if (!log) this.live.set(runId, (log = new MemoryLog(runId, epoch)));
    if (epoch < log.epoch) throw new RunLogRefusal('stale-epoch', runId);
    log.epoch = epoch;
    return log.head();
  }

  override append(runId: string, records: readonly RunRecord[]): Promise<void> | undefined {
    try {
      const log = this.get(runId);
      if (!log) throw new RunLogRefusal('gap', runId);
      log.append(records);
      return undefined;
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  override async find(runId: string): Promise<LogHead | undefined> {
    return this.get(runId)?.head();
  }

  override follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream {
    const log = this.get(runId);
    return log ? new LogFollower(log, afterSeq, signal) : none();
  }

  override async requestStop(runId: string): Promise<boolean> {
    const log = this.get(runId);
    log?.requestStop();
    return log !== undefined;
  }

  override async untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean> {
    const log = this.get(runId);
    if (!log) return false;
    const bell = new Bell(signal);
    log.stopWatchers.add(bell);
    while (!log.stopRequested && !signal.aborted) await bell.wait();
    log.stopWatchers.delete(bell);
    bell.close();
    return log.stopRequested;
  }

  override async retire(runId: string, retentionMs: number): Promise<void> {
    const log = this.get(runId);
    if (!log) return;
    this.live.delete(runId);
    if (log.terminal && retentionMs > 0) this.ended.set(runId, log, { ttl: retentionMs });
    else {
      this.ended.delete(runId);
      log.drop();
    }
  }

  private get(runId: string): MemoryLog | undefined {
    return this.live.get(runId) ?? this.ended.get(runId);
  }
}

/** What is to be read where there is no log. */
async function* none(): AsyncIterable<readonly RunRecord[]> {}
