import type { RunRecord } from '../../run/run-event.js';
import { FOLLOW_BATCH } from '../../run/run-log.port.js';
import type { Wakeable } from './bell.js';
import type { MemoryLog } from './memory-log.js';

type Batch = IteratorResult<readonly RunRecord[], undefined>;

const DONE: Batch = { done: true, value: undefined };

/**
 * One reader of a log in memory. Not a generator: it makes one promise for each batch and nothing else, because every
 * token of every answer passes here once for each of its followers.
 */
export class LogFollower implements AsyncIterableIterator<readonly RunRecord[], undefined>, Wakeable {
  private nextSeq: number;
  private isListening = false;
  private isOver = false;
  private waiting: ((batch: Batch) => void) | undefined;

  constructor(
    private readonly log: MemoryLog,
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
    if (this.isOver || this.signal.aborted || nextSeq > (log.terminal?.seq ?? Infinity)) return this.close();
    const value = log.records.slice(nextSeq, nextSeq + FOLLOW_BATCH);
    this.nextSeq += value.length;
    if (value.length > 0) return { done: false, value };
    return log.dropped ? this.close() : undefined;
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
