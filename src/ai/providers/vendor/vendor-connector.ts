import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { ChunkShortcut } from './chunk-shortcut.js';

/** What one read of a socket brings at most. */
const INBOX_BYTES = 65_536;

/**
 * Connects to vendors for undici. Over TLS it does no more than undici does, which prefers HTTP/2 there: many answers are
 * one connection, and one read. A plain connection is read into one buffer for all of them, and leaves `reading`
 * where its answers can ask for their chunks.
 */
export class VendorConnector {
  /** The plain connection whose packet is being read right now. */
  reading: PlainConnection | undefined;
  private readonly inbox = Buffer.allocUnsafeSlow(INBOX_BYTES);
  private readonly connectSecurely: buildConnector.connector;

  constructor(
    private readonly build: typeof buildConnector,
    private readonly timeout: number,
  ) {
    this.connectSecurely = build({ timeout });
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    if (options.protocol === 'https:') return this.connectSecurely(options, callback);
    const connection = new PlainConnection();
    const onread = { buffer: this.inbox, callback: (length: number) => this.receive(connection, length) };
    const opened: buildConnector.Callback = (error, socket) => {
      if (error) return callback(error, null);
      connection.open(socket);
      callback(null, socket);
    };
    // One for each connection, because it has to know which one is read.
    this.build({ timeout: this.timeout, onread } as buildConnector.BuildOptions)(options, opened);
  };

  /** False where the socket is not to be read on for now. */
  private receive(connection: PlainConnection, length: number): boolean {
    this.reading = connection;
    try {
      return connection.receive(this.inbox, length);
    } finally {
      this.reading = undefined;
    }
  }
}

/** A socket that undici reads, less what takes the shortcut. */
export class PlainConnection {
  readonly shortcut = new ChunkShortcut((packet) => this.parse(packet));
  private socket!: Socket;
  /** What the parser is to read next, before what the socket keeps for it. */
  private packet: Buffer | undefined;
  private flows = true;

  /** Before undici sees the socket. */
  open(socket: Socket): void {
    this.socket = socket;
    const read = socket.read.bind(socket) as Socket['read'];
    socket.read = (size) => {
      const { packet } = this;
      if (!packet || size !== undefined) return read(size) as unknown;
      this.packet = undefined;
      return packet;
    };
  }

  /** So many bytes have come. False where nobody keeps up. */
  receive(bytes: Buffer, length: number): boolean {
    this.flows = true;
    try {
      this.shortcut.take(bytes, length);
    } catch (error) {
      this.socket.destroy(error as Error);
    }
    return this.flows;
  }

  /** Lets undici read the packet now; where it does not, because it waits for us, the socket keeps it. */
  private parse(packet: Buffer): void {
    const { socket } = this;
    if (socket.readableLength === 0) {
      this.packet = packet;
      socket.emit('readable');
      if (!this.packet) return;
      this.packet = undefined;
    }
    this.flows = socket.push(packet);
  }
}
