import type { Readable } from 'node:stream';
import { ProviderFailure } from '../../provider-failure.js';
import { PacketResponse } from './vendor-fetch.js';

/** How long a vendor may take from the finish of its answer to the end of its stream. */
const END_GRACE_MS = 1000;
const FOREIGN_TYPE = /^(text\/html|application\/([\w.+-]*\+)?(json|xml))\b/i;

/** What may wait here unread before the vendor has to. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * The stream of one answer. What has arrived is kept until it is read, also when the connection breaks meanwhile. Left in
 * the middle it is hung up on; behind the end its connection is kept for others.
 */
export class AnswerBody {
  private endTimer: NodeJS.Timeout | undefined;
  private arrived: Buffer[] = [];
  private bytes = 0;
  private over: { error?: Error } | undefined;
  private wake: (() => void) | undefined;

  private constructor(private readonly stream: Readable) {
    stream.on('data', (packet: Buffer) => this.arrive(packet));
    stream.once('end', () => this.end({}));
    // Also those that come when nobody reads any more.
    stream.on('error', (error) => this.end({ error }));
    stream.once('close', () => {
      clearTimeout(this.endTimer);
      this.end({ error: new Error('the stream was closed before its end') });
    });
  }

  /** Throws PROVIDER_ERROR for a success that is no stream: a login page, or one JSON document. */
  static of(response: Response): AnswerBody {
    if (!(response instanceof PacketResponse)) throw new Error('the SDK did not answer through our fetch');
    const body = new AnswerBody(response.packets);
    const type = response.headers.get('content-type') ?? '';
    if (!FOREIGN_TYPE.test(type)) return body;
    body.leave();
    throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { cause: new Error(`content-type ${type}`) });
  }

  /** Each packet is what has arrived since the last was taken. Whoever reads calls `leave` in the end. */
  async *packets(): AsyncIterable<Buffer> {
    for (;;) {
      if (this.arrived.length > 0) yield this.take();
      else if (this.over?.error) throw this.over.error;
      else if (this.over) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The answer is whole: what is left of the stream must come soon, and is not missed. */
  expectEnd(): void {
    this.endTimer ??= setTimeout(() => this.stream.destroy(), END_GRACE_MS).unref();
  }

  leave(): void {
    if (this.endTimer) this.stream.removeAllListeners('data').resume();
    else this.stream.destroy();
  }

  private arrive(packet: Buffer): void {
    this.arrived.push(packet);
    this.bytes += packet.length;
    if (this.bytes > HIGH_WATER_BYTES) this.stream.pause();
    this.wake?.();
  }

  private take(): Buffer {
    const packets = this.arrived;
    this.arrived = [];
    this.bytes = 0;
    if (this.stream.isPaused()) this.stream.resume();
    return packets.length === 1 ? packets[0]! : Buffer.concat(packets);
  }

  /** The first end counts. */
  private end(how: { error?: Error }): void {
    this.over ??= how;
    this.wake?.();
  }
}
