import { isTerminal, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { type LogHead, type RefusalReason, RunLogRefusal } from '../../run/run-log.port.js';
import type { Bell } from './bell.js';

/** What a record takes in memory beside its text, roughly. */
const RECORD_BYTES = 160;

/** The log of one run, and those who wait for it to change. */
export class MemoryLog {
  readonly records: RunRecord[] = [];
  /** Rung when records come, and when the log is dropped. */
  readonly readers = new Set<Bell>();
  /** Rung when a stop is asked for. */
  readonly stopWatchers = new Set<Bell>();
  terminal: TerminalRecord | undefined;
  stopRequested = false;
  dropped = false;
  bytes = RECORD_BYTES;

  constructor(
    private readonly runId: string,
    public epoch: number,
  ) {}

  head(): LogHead {
    const { epoch, terminal, stopRequested } = this;
    return { epoch, nextSeq: this.records.length, terminal, stopRequested };
  }

  /** Appends what is new of the batch; throws RunLogRefusal before it has changed anything. */
  append(batch: readonly RunRecord[]): void {
    const fresh = batch.filter((record) => !this.holds(record));
    let next = this.records.length;
    for (const record of fresh) {
      if (record.seq < next) this.refuse('seq-taken');
      if (record.epoch !== this.epoch) this.refuse('stale-epoch');
      if (this.terminal) this.refuse('ended');
      if (record.seq !== next++) this.refuse('gap');
    }
    if (fresh.slice(0, -1).some(isTerminal)) this.refuse('ended');
    for (const record of fresh) this.push(record);
    if (fresh.length > 0) ringAll(this.readers);
  }

  requestStop(): void {
    this.stopRequested = true;
    ringAll(this.stopWatchers);
  }

  /** Sends every reader away; what they have read stands. */
  drop(): void {
    this.dropped = true;
    ringAll(this.readers);
  }

  private push(record: RunRecord): void {
    this.records.push(record);
    this.bytes += RECORD_BYTES + (record.type === 'text.delta' ? 2 * record.data.text.length : 0);
    if (isTerminal(record)) this.terminal = record;
  }

  private holds(record: RunRecord): boolean {
    const held = this.records[record.seq];
    return held !== undefined && (held === record || JSON.stringify(held) === JSON.stringify(record));
  }

  private refuse(reason: RefusalReason): never {
    throw new RunLogRefusal(reason, this.runId);
  }
}

function ringAll(bells: ReadonlySet<Bell>): void {
  for (const bell of bells) bell.ring();
}
