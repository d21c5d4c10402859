import type { ChunkTaker } from './chunk-shortcut.js';
import { PacketText } from './packet-text.js';
import { type PolledLine, Steadiness } from './polled-line.js';
import type { ReadTick } from './read-tick.js';

/** How long a vendor may take from the finish of its answer to the end of its stream. */
const END_GRACE_MS = 1000;

/** What may wait here unread before the vendor has to. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Gets some text; none at the end, and an error where that is not the end of the answer. */
export type TakeText = (text: string | undefined, broken?: Error) => void;

/** What the connection that an answer comes over can be told. */
export interface AnswerSource {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/**
 * The stream of one answer. What has arrived is kept until it is read, also when the connection breaks meanwhile. Left in
 * the middle it is hung up on; behind the end its connection is kept for others. One reader.
 */
export class AnswerBody implements ChunkTaker {
  private endTimer: NodeJS.Timeout | undefined;
  private readonly text = new PacketText();
  private arrived = '';
  /** Of what has arrived and is not read. */
  private bytes = 0;
  private over: { error?: Error } | undefined;
  private isLeft = false;
  /** The reader who waits, and at whose pace. */
  private reader: TakeText | undefined;
  private tick: ReadTick | undefined;
  private isDue = false;
  /** The tick at which it read last. */
  private readAt = -Infinity;
  private readonly steadiness = new Steadiness();

  /** @param line the connection, where this answer has it for itself. */
  constructor(
    private readonly source: AnswerSource,
    private readonly line?: PolledLine,
  ) {}

  /**
   * Gives `take` what has arrived since the last was read, once there is something; with `tick` not before the next of its
   * ticks. It gets nothing at the end, and the error where the connection broke. Where that is so already it is called at
   * once.
   */
  read(tick: ReadTick | undefined, take: TakeText): void {
    this.reader = take;
    this.tick = tick;
    this.isDue = false;
    if (this.over) this.give();
    else if (this.arrived !== '') this.ring();
    else if (tick) this.wait(tick);
  }

  /** The answer is whole: what is left of the stream must come soon, and is not missed. */
  expectEnd(): void {
    if (this.over) return;
    this.endTimer ??= setTimeout(() => this.source.abort(new Error('the stream did not end')), END_GRACE_MS).unref();
  }

  /** Nobody reads any more. */
  leave(): void {
    this.isLeft = true;
    this.arrived = '';
    // The connection is another answer's by now.
    if (this.over) return;
    this.line?.watch();
    if (!this.endTimer) this.source.abort(new Error('nobody reads the answer any more'));
    else if (this.source.paused) this.source.resume();
  }

  /** Whether the vendor has to wait for the reader. */
  get paused(): boolean {
    return this.source.paused;
  }

  /** A part of the body has come. */
  arrive(bytes: Buffer, from: number, to: number): void {
    if (this.isLeft) return;
    this.arrived += this.text.take(bytes, from, to);
    this.bytes += to - from;
    if (this.bytes > HIGH_WATER_BYTES) this.source.pause();
    // Half a character is nothing to read yet.
    if (this.arrived !== '') this.ring();
  }

  /** Nothing more will come: the answer is over, or broke with the error. The first end counts. */
  end(error?: Error): void {
    clearTimeout(this.endTimer);
    this.line?.watch();
    this.over ??= error ? { error } : {};
    this.give();
  }

  private readonly give = (): void => {
    const { reader, tick, over } = this;
    if (!reader) return;
    this.reader = undefined;
    if (tick) {
      this.steadiness.hit(tick.follows(this.readAt));
      this.readAt = tick.at;
    }
    if (this.arrived === '' && over?.error) reader(undefined, over.error);
    else reader(this.take());
  };

  private take(): string | undefined {
    if (this.arrived === '') return undefined;
    const text = this.arrived;
    this.arrived = '';
    this.bytes = 0;
    if (this.source.paused) this.source.resume();
    return text;
  }

  /** There is something for the reader, who goes on at its pace. */
  private ring(): void {
    const { reader, tick } = this;
    if (!reader || this.isDue) return;
    this.isDue = true;
    if (tick) tick.enter(this.readAt, this.give);
    else this.give();
  }

  /** Until something comes; where that is so at every tick, until the next. */
  private wait(tick: ReadTick): void {
    const { line } = this;
    this.isDue = this.steadiness.isSteady && line?.unwatch() === true;
    if (this.isDue) tick.enter(this.readAt, this.look, false);
    else line?.watch();
  }

  private readonly look = (): void => {
    const { line, tick } = this;
    if (!this.reader || this.isLeft) return;
    line!.poll();
    // It may have ended with that.
    if (!this.reader) return;
    if (this.arrived !== '') return this.give();
    this.steadiness.miss();
    this.wait(tick!);
  };
}
