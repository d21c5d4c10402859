import type { buildConnector } from 'undici';
import { type Inbox, PlainConnection } from './plain-connection.js';

/** What one read of a socket brings at most. */
const INBOX_BYTES = 65_536;

/**
 * Connects to vendors for undici. Over TLS it does no more than undici does, which prefers HTTP/2 there: many answers are
 * one connection, and one read. A plain connection is read into one buffer for all of them, and leaves `reading`
 * where its answers can ask for their chunks.
 */
export class VendorConnector {
  private readonly inbox: Inbox = { bytes: Buffer.allocUnsafeSlow(INBOX_BYTES), reader: undefined };
  private readonly connectSecurely: buildConnector.connector;

  constructor(
    private readonly build: typeof buildConnector,
    private readonly timeout: number,
  ) {
    this.connectSecurely = build({ timeout });
  }

  /** The plain connection whose packet is being read right now. */
  get reading(): PlainConnection | undefined {
    return this.inbox.reader;
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    if (options.protocol === 'https:') return this.connectSecurely(options, callback);
    const connection = new PlainConnection(this.inbox);
    const onread = { buffer: this.inbox.bytes, callback: (length: number) => connection.receive(length) };
    const opened: buildConnector.Callback = (error, socket) => {
      if (error) return callback(error, null);
      connection.open(socket);
      callback(null, socket);
    };
    // One for each connection, because it has to know which one is read.
    this.build({ timeout: this.timeout, onread } as buildConnector.BuildOptions)(options, opened);
  };
}
