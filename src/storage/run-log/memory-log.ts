import { isTerminal, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { FOLLOW_BATCH, type LogHead } from '../../run/run-log.port.js';
import { freshRecords } from './append-rules.js';
import { type Bell, ringAll, type Wakeable } from './bell.js';
import type { FollowedLog } from './log-follower.js';

/** The log of one run, and those who wait for it to change. */
export class MemoryLog implements FollowedLog {
  readonly firstSeq = 0;
  /** Rung when records come, and when the log is dropped. */
  readonly readers = new Set<Wakeable>();
  /** Rung when a stop is asked for. */
  readonly stopWatchers = new Set<Bell>();
  terminal: TerminalRecord | undefined;
  stopRequested = false;
  isClosed = false;

  /** @param records what it begins with. */
  constructor(
    readonly runId: string,
    public epoch: number,
    readonly records: RunRecord[] = [],
  ) {
    const last = records.at(-1);
    if (last && isTerminal(last)) this.terminal = last;
  }

  head(): LogHead {
    const { epoch, terminal, stopRequested } = this;
    return { epoch, nextSeq: this.records.length, terminal, stopRequested };
  }

  /** Appends what is new of the batch; throws RunLogRefusal before it has changed anything. */
  append(batch: readonly RunRecord[]): void {
    const fresh = freshRecords(this, batch);
    for (const record of fresh) this.push(record);
    if (fresh.length > 0) ringAll(this.readers);
  }

  batchFrom(seq: number): readonly RunRecord[] {
    return this.records.slice(seq, seq + FOLLOW_BATCH);
  }

  requestStop(): void {
    this.stopRequested = true;
    ringAll(this.stopWatchers);
  }

  /** Sends every reader away; what they have read stands. */
  drop(): void {
    this.isClosed = true;
    ringAll(this.readers);
  }

  private push(record: RunRecord): void {
    this.records.push(record);
    if (isTerminal(record)) this.terminal = record;
  }
}
