import type { Readable } from 'node:stream';
import { ProviderFailure } from '../../provider-failure.js';
import { PacketResponse } from './vendor-fetch.js';

/** How long a vendor may take from the finish of its answer to the end of its stream. */
const END_GRACE_MS = 1000;
const FOREIGN_TYPE = /^(text\/html|application\/([\w.+-]*\+)?(json|xml))\b/i;

/** The stream of one answer. Left in the middle it is hung up on; behind the end its connection is kept for others. */
export class AnswerBody {
  private endTimer: NodeJS.Timeout | undefined;

  private constructor(private readonly stream: Readable) {
    // Whoever reads sees every error; this one is for those that come when nobody reads any more.
    stream.on('error', () => undefined);
    stream.once('close', () => clearTimeout(this.endTimer));
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
  packets(): AsyncIterable<Buffer> {
    return this.stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  }

  /** The answer is whole: what is left of the stream must come soon, and is not missed. */
  expectEnd(): void {
    this.endTimer ??= setTimeout(() => this.stream.destroy(), END_GRACE_MS).unref();
  }

  leave(): void {
    if (this.endTimer) this.stream.resume();
    else this.stream.destroy();
  }
}
