import type { ReadTick } from './read-tick.js';

/** How long a vendor may take from the finish of its answer to the end of its stream. */
const END_GRACE_MS = 1000;

/** What may wait here unread before the vendor has to. */
const HIGH_WATER_BYTES = 256 * 1024;

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
export class AnswerBody {
  private endTimer: NodeJS.Timeout | undefined;
  private arrived: Buffer[] = [];
  private bytes = 0;
  private over: { error?: Error } | undefined;
  private isLeft = false;
  /** The reader who waits, and at whose pace. */
  private wake: (() => void) | undefined;
  private tick: ReadTick | undefined;
  private isDue = false;
  /** The tick at which it read last. */
  private readAt = -Infinity;

  constructor(private readonly source: AnswerSource) {}

  /**
   * What has arrived since the last was read, once there is something; with `tick` not before the next of its ticks.
   * Undefined at the end. Rejects where the connection broke.
   */
  async next(tick?: ReadTick): Promise<Buffer | undefined> {
    const isThere = this.arrived.length > 0;
    if (!this.over && (tick || !isThere)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.tick = tick;
        this.isDue = false;
        if (isThere) this.ring();
      });
      this.wake = undefined;
    }
    if (tick) this.readAt = tick.at;
    if (this.arrived.length === 0 && this.over?.error) throw this.over.error;
    return this.take();
  }

  /** The answer is whole: what is left of the stream must come soon, and is not missed. */
  expectEnd(): void {
    if (this.over) return;
    this.endTimer ??= setTimeout(() => this.source.abort(new Error('the stream did not end')), END_GRACE_MS).unref();
  }

  /** Nobody reads any more. */
  leave(): void {
    this.isLeft = true;
    this.arrived = [];
    if (this.over) return;
    if (!this.endTimer) this.source.abort(new Error('nobody reads the answer any more'));
    else if (this.source.paused) this.source.resume();
  }

  /** A packet has come. */
  arrive(packet: Buffer): void {
    if (this.isLeft) return;
    this.arrived.push(packet);
    this.bytes += packet.length;
    if (this.bytes > HIGH_WATER_BYTES) this.source.pause();
    this.ring();
  }

  /** Nothing more will come: the answer is over, or broke with the error. The first end counts. */
  end(error?: Error): void {
    clearTimeout(this.endTimer);
    this.over ??= error ? { error } : {};
    this.wake?.();
  }

  private take(): Buffer | undefined {
    if (this.arrived.length === 0) return undefined;
    const packets = this.arrived;
    this.arrived = [];
    this.bytes = 0;
    if (this.source.paused) this.source.resume();
    return packets.length === 1 ? packets[0]! : Buffer.concat(packets);
  }

  /** There is something for the reader, who goes on at its pace. */
  private ring(): void {
    const { wake, tick } = this;
    if (!wake || this.isDue) return;
    this.isDue = true;
    if (tick) tick.enter(this.readAt, wake);
    else wake();
  }
}
