import { isTerminal, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { FOLLOW_BATCH } from '../../run/run-log.port.js';
import { ringAll, type Wakeable } from './bell.js';
import type { FollowedLog } from './log-follower.js';

/**
 * This node's copy of a log that another store keeps, from `firstSeq` on: all followers on this node read the same
 * record objects, so that each is fetched and encoded once.
 */
export class LogCopy implements FollowedLog {
  /** Rung when records come, and when the copy ends. */
  readonly readers = new Set<Wakeable>();
  terminal: TerminalRecord | undefined;
  /** `dropped`: the log is gone. `moved`: this copy is no longer kept up to date, but the log is. */
  end: 'dropped' | 'moved' | undefined;
  private held: RunRecord[] = [];

  /** @param maxRecords of these the newest half stays when there are more. */
  constructor(
    private first: number,
    private readonly maxRecords = Infinity,
  ) {}

  get firstSeq(): number {
    return this.first;
  }

  get isClosed(): boolean {
    return this.end !== undefined;
  }

  get nextSeq(): number {
    return this.first + this.held.length;
  }

  get records(): readonly RunRecord[] {
    return this.held;
  }

  /** Takes what follows on what it holds, and wakes the readers. */
  take(records: readonly RunRecord[]): void {
    for (const record of records) {
      if (record.seq !== this.nextSeq) continue;
      this.held.push(record);
      if (isTerminal(record)) this.terminal = record;
    }
    if (this.held.length > this.maxRecords) {
      const dropped = this.held.splice(0, this.held.length - this.maxRecords / 2);
      this.first += dropped.length;
    }
    ringAll(this.readers);
  }

  /** A batch from `seq` on, which must not be before `firstSeq`; empty where there is nothing yet. */
  batchFrom(seq: number): readonly RunRecord[] {
    return this.held.slice(seq - this.first, seq - this.first + FOLLOW_BATCH);
  }

  close(end: 'dropped' | 'moved'): void {
    this.end = end;
    ringAll(this.readers);
  }
}
