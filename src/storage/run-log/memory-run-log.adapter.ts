import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import type { RunRecord } from '../../run/run-event.js';
import { type LogHead, type RecordStream, RunLog, RunLogRefusal } from '../../run/run-log.port.js';
import { Bell } from './bell.js';
import { LogFollower } from './log-follower.js';
import { MemoryLog } from './memory-log.js';
import { packLog, unpackLog } from './packed-log.js';

/** Ended logs beyond this go early; a resume is then answered from the stored message. */
const ENDED_LOGS_MAX_BYTES = 32 * 1024 * 1024;
/** What an ended log takes beside its text, roughly. */
const ENTRY_BYTES = 200;
/** How often logs whose time is over are looked for: the cache would keep them until it needs their room. */
const PURGE_MS = 30_000;

/** The run log of a single node. Bounded: by the runs in flight, and by bytes for those that have ended. */
@Injectable()
export class MemoryRunLog extends RunLog {
  override readonly shared: boolean = false;
  private readonly live = new Map<string, MemoryLog>();
  /** Packed: a reader of an ended log gets one of its own. */
  private readonly ended: LRUCache<string, string>;
  private purgesAt = 0;

  constructor(private readonly clock: Clock) {
    super();
    this.ended = new LRUCache({
      maxSize: ENDED_LOGS_MAX_BYTES,
      sizeCalculation: (packed) => ENTRY_BYTES + Buffer.byteLength(packed),
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
    return this.live.has(runId) || this.ended.has(runId);
  }

  override async open(runId: string, epoch: number): Promise<LogHead> {
    let log = this.get(runId);
    if (!log) this.live.set(runId, (log = new MemoryLog(runId, epoch)));
    if (epoch < log.epoch) throw new RunLogRefusal('stale-epoch', runId);
    log.epoch = epoch;
    this.keep(log);
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
    if (!log) return false;
    log.requestStop();
    this.keep(log);
    return true;
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
    this.purge();
    if (log.terminal && retentionMs > 0) this.ended.set(runId, packLog(log), { ttl: retentionMs });
    else {
      this.ended.delete(runId);
      log.drop();
    }
  }

  private get(runId: string): MemoryLog | undefined {
    const live = this.live.get(runId);
    if (live) return live;
    const packed = this.ended.get(runId);
    return packed === undefined ? undefined : unpackLog(runId, packed);
  }

  private purge(): void {
    const now = this.clock.now();
    if (now < this.purgesAt) return;
    this.purgesAt = now + PURGE_MS;
    this.ended.purgeStale();
  }

  /** Of an ended log only the packed text stays: what is changed of it must go there. */
  private keep(log: MemoryLog): void {
    const ttl = this.ended.getRemainingTTL(log.runId);
    if (ttl > 0) this.ended.set(log.runId, packLog(log), { ttl });
  }
}

/** What is to be read where there is no log. */
async function* none(): AsyncIterable<readonly RunRecord[]> {}
