import type { RunEvent, RunRecord, TerminalRecord } from '../run-event.js';
import type { RunLog } from '../run-log.port.js';
import { Transcript } from '../transcript.js';
import type { AppendTimes } from './append-times.js';
import type { Flushable, FlushTick } from './flush-tick.js';
import { piecesOf, portable, splitTrailingSurrogate } from './text-pieces.js';

/** One owner's term of one run. */
export interface RecordedTerm {
  runId: string;
  epoch: number;
  /** Called once, when the log has refused an append: from then on nothing more is written. */
  onFailure: (error: unknown) => void;
  /** Is told how long appends take. */
  times?: AppendTimes;
}

/**
 * Writes one run in one term: gives events their seq, gathers text into chunks (the first goes at once, later ones
 * with the tick), keeps one append under way. `transcript` shows what the log has taken, nothing more.
 */
export class RunRecorder implements Flushable {
  readonly runId: string;
  readonly epoch: number;
  isDue = false;
  private text = '';
  private queue: RunRecord[] = [];
  private nextSeq: number;
  private nextIndex: number;
  private nextOffset: number;
  private appending: Promise<void> | undefined;
  /** A flush came while an append was under way. */
  private overdue = false;
  private failure: unknown;

  /** @param transcript what the log holds already, where the run is not new. */
  constructor(
    private readonly log: RunLog,
    private readonly tick: FlushTick,
    private readonly term: RecordedTerm,
    readonly transcript: Transcript = new Transcript(),
  ) {
    this.runId = term.runId;
    this.epoch = term.epoch;
    this.nextSeq = transcript.lastSeq + 1;
    this.nextIndex = transcript.lastIndex + 1;
    this.nextOffset = transcript.content.length;
  }

  /** Adds text to the answer. */
  add(text: string): void {
    this.text += text;
    if (this.nextIndex === 0) this.flush();
    else this.tick.schedule(this);
  }

  /** Adds anything but text; the text before it goes first. */
  record(event: RunEvent): void {
    this.sealText(this.text);
    this.text = '';
    this.place(event);
    this.flush();
  }

  flush(): void {
    if (this.failure) return;
    this.overdue = this.appending !== undefined;
    if (this.overdue) return;
    const [ready, waiting] = splitTrailingSurrogate(this.text);
    this.sealText(ready);
    this.text = waiting;
    if (this.queue.length > 0) this.append();
  }

  /** Resolves when everything added so far is in the log; rejects when it never will be. */
  async settle(): Promise<void> {
    this.sealText(this.text);
    this.text = '';
    this.tick.cancel(this);
    while (!this.failure && (this.appending || this.queue.length > 0)) {
      this.flush();
      await this.appending;
    }
    if (this.failure) throw this.failure;
  }

  /** The seq that the next record will have; only after `settle` is it sure to be the next in the log. */
  get upcomingSeq(): number {
    return this.nextSeq;
  }

  /** Appends the terminal record. */
  async end(event: RunEvent & Pick<TerminalRecord, 'type'>): Promise<void> {
    this.place(event);
    await this.settle();
  }

  private sealText(text: string): void {
    for (const piece of piecesOf(portable(text))) {
      this.place({ type: 'text.delta', data: { text: piece, index: this.nextIndex++, offset: this.nextOffset } });
      this.nextOffset += piece.length;
    }
  }

  private place(event: RunEvent): void {
    // Written out: it is the record of every token, and a spread costs far more than four fields.
    const { type, data } = event;
    this.queue.push({ type, data, seq: this.nextSeq++, epoch: this.epoch } as RunRecord);
  }

  private append(): void {
    const batch = this.queue;
    this.queue = [];
    const since = this.term.times?.begin() ?? 0;
    const appended = this.log.append(this.runId, batch);
    if (!appended) return this.taken(batch, since);
    this.appending = appended
      .then(() => {
        this.appending = undefined;
        this.taken(batch, since);
        if (this.overdue || this.queue.length > 0) this.flush();
      })
      .catch((error: unknown) => this.fail(error));
  }

  /** The log has them. */
  private taken(batch: readonly RunRecord[], since: number): void {
    this.term.times?.appended(since, batch);
    for (const record of batch) this.transcript.apply(record);
  }

  private fail(error: unknown): void {
    this.appending = undefined;
    this.failure = error;
    this.term.onFailure(error);
  }
}
