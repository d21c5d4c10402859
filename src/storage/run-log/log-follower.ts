import type { RunRecord, TerminalRecord } from '../../run/run-event.js';
import type { RecordStream, TakeRecords } from '../../run/run-log.port.js';
import type { Wakeable } from './bell.js';

/** What a reader is given: some records, or the end. */
export type Batch = IteratorResult<readonly RunRecord[], undefined>;

export const DONE: Batch = { done: true, value: undefined };

/** What is read: records in memory, from `firstSeq` on. */
export interface FollowedLog {
  readonly firstSeq: number;
  readonly terminal: TerminalRecord | undefined;
  /** Nothing will come any more. */
  readonly isClosed: boolean;
  /** Rung when records come, and when it closes. */
  readonly readers: Set<Wakeable>;
  /** At most FOLLOW_BATCH records from `seq` on, none where there is nothing yet. */
  batchFrom(seq: number): readonly RunRecord[];
}

/**
 * One reader of records in memory; it is done also where the log no longer has what it needs next. Not a generator: every
 * token of every answer passes here once for each of its followers.
 */
export class LogFollower implements AsyncIterableIterator<readonly RunRecord[], undefined>, RecordStream, Wakeable {
  private nextSeq: number;
  private isListening = false;
  private isOver = false;
  private waiting: ((batch: Batch) => void) | undefined;

  constructor(
    private readonly log: FollowedLog,
    afterSeq: number,
    private readonly signal: AbortSignal,
  ) {
    this.nextSeq = afterSeq + 1;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One at a time: the next is asked for when this one has come. */
  next(): Promise<Batch> {
    const batch = this.batch();
    if (batch) return Promise.resolve(batch);
    this.listen();
    return new Promise((resolve) => (this.waiting = resolve));
  }

  /** In the moment of the append, inside of it: an error of the reader is no concern of that. */
  pushTo(take: TakeRecords): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.close();
        reject(error as Error);
      };
      /** Whether the next may follow at once. */
      const give = (batch: Batch): boolean => {
        if (batch.done) resolve();
        const room = batch.done ? undefined : take(batch.value);
        room?.then(() => giveAll(), fail);
        return !batch.done && !room;
      };
      const giveAll = (first?: Batch): void => {
        try {
          for (let batch = first ?? this.batch(); batch; batch = this.batch()) if (!give(batch)) return;
          this.listen();
          this.waiting = giveAll;
        } catch (error) {
          fail(error);
        }
      };
      giveAll();
    });
  }

  return(): Promise<Batch> {
    this.close();
    return Promise.resolve(DONE);
  }

  /** There is something new: a record, or a reason to leave. */
  readonly ring = (): void => {
    const { waiting } = this;
    const batch = waiting && this.batch();
    if (!batch) return;
    this.waiting = undefined;
    waiting(batch);
  };

  /** What there is now; undefined where that is nothing yet. */
  private batch(): Batch | undefined {
    const { log, nextSeq } = this;
    const isEnd = nextSeq > (log.terminal?.seq ?? Infinity) || nextSeq < log.firstSeq;
    if (this.isOver || this.signal.aborted || isEnd) return this.close();
    const value = log.batchFrom(nextSeq);
    this.nextSeq += value.length;
    if (value.length > 0) return { done: false, value };
    return log.isClosed ? this.close() : undefined;
  }

  private listen(): void {
    if (this.isListening) return;
    this.isListening = true;
    this.log.readers.add(this);
    this.signal.addEventListener('abort', this.ring, { once: true });
  }

  private close(): Batch {
    this.isOver = true;
    this.log.readers.delete(this);
    this.signal.removeEventListener('abort', this.ring);
    this.waiting?.(DONE);
    this.waiting = undefined;
    return DONE;
  }
}
