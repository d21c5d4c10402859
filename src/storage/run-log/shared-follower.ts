import type { RunRecord } from '../../run/run-event.js';
import type { RecordStream, TakeRecords } from '../../run/run-log.port.js';
import type { LogCopy } from './log-copy.js';
import { type Batch, DONE, LogFollower } from './log-follower.js';

/** A copy to read from; `release` gives it back. */
export interface HeldCopy {
  copy: LogCopy;
  release(): void;
}

/** Where a reader of one run finds its records. */
export interface SharedLogSource {
  /** The copy that is kept up to date now; undefined where there is no such log. */
  hold(): Promise<HeldCopy | undefined>;
  /** What is older than the copy; nothing where the log is gone. */
  past(seq: number): Promise<readonly RunRecord[]>;
}

/**
 * One reader of a log that all nodes share. Reads this node's copy, fetches what is older than that, and goes on with
 * another copy when the run is written elsewhere.
 */
export class SharedFollower implements AsyncIterableIterator<readonly RunRecord[], undefined>, RecordStream {
  private nextSeq: number;
  private held: HeldCopy | undefined;
  private reader: LogFollower | undefined;
  private isOver = false;

  constructor(
    private readonly source: SharedLogSource,
    afterSeq: number,
    private readonly signal: AbortSignal,
  ) {
    this.nextSeq = afterSeq + 1;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One at a time: the next is asked for when this one has come. */
  async next(): Promise<Batch> {
    try {
      while (this.reader || (await this.enter())) {
        const value = (await this.reader!.next()).value ?? (await this.past());
        if (value) {
          this.nextSeq += value.length;
          return { done: false, value };
        }
        if (!this.leaveForAnother()) break;
      }
    } catch (error) {
      this.close();
      throw error;
    }
    return this.close();
  }

  /** In the moment that this node's copy gets them. */
  async pushTo(take: TakeRecords): Promise<void> {
    const give: TakeRecords = (batch) => {
      this.nextSeq += batch.length;
      return take(batch);
    };
    try {
      while (await this.enter()) {
        await this.reader!.pushTo(give);
        const past = await this.past();
        if (past) await give(past);
        else if (!this.leaveForAnother()) break;
      }
    } finally {
      this.close();
    }
  }

  async return(): Promise<Batch> {
    return this.close();
  }

  private async enter(): Promise<boolean> {
    if (this.isOver || this.signal.aborted) return false;
    this.held ??= await this.source.hold();
    if (!this.held) return false;
    // Left while it was waited for.
    if (this.isOver) this.leave();
    else this.reader = new LogFollower(this.held.copy, this.nextSeq - 1, this.signal);
    return !this.isOver;
  }

  /** What the copy no longer has; undefined where it is not that which the reader lacks. */
  private async past(): Promise<readonly RunRecord[] | undefined> {
    if (this.isOver || this.signal.aborted || this.nextSeq >= this.held!.copy.firstSeq) return undefined;
    const records = await this.source.past(this.nextSeq);
    this.reader = undefined;
    return records.length > 0 ? records : undefined;
  }

  /** Where the run goes on elsewhere its other copy is to be found; false where it does not. */
  private leaveForAnother(): boolean {
    if (this.isOver) return false;
    const { end, terminal } = this.held!.copy;
    const goesOn = end === 'moved' && this.nextSeq <= (terminal?.seq ?? Infinity);
    if (goesOn) this.leave();
    return goesOn;
  }

  private leave(): void {
    void this.reader?.return();
    this.reader = undefined;
    this.held?.release();
    this.held = undefined;
  }

  private close(): Batch {
    this.isOver = true;
    this.leave();
    return DONE;
  }
}
