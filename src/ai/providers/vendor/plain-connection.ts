import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { ChunkShortcut } from './chunk-shortcut.js';
import type { PolledLine } from './polled-line.js';

/** The one buffer that all plain connections are read into. */
export interface Inbox {
  readonly bytes: Buffer;
  /** Whose packet is being read right now. */
  reader: PlainConnection | undefined;
}

/** What lies below a socket, where Node shows it: the descriptor, and whether the event loop watches it. */
interface Handle {
  fd?: number;
  readStop?(): void;
  readStart?(): void;
}

/** A socket that undici reads, less what takes the shortcut. */
export class PlainConnection implements PolledLine {
  readonly shortcut = new ChunkShortcut((packet) => this.parse(packet));
  private socket!: Socket;
  /** What the parser is to read next, before what the socket keeps for it. */
  private packet: Buffer | undefined;
  private flows = true;
  private isWatched = true;

  constructor(private readonly inbox: Inbox) {}

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

  /** So many bytes have come into the inbox. False where nobody keeps up. */
  receive(length: number): boolean {
    this.flows = true;
    this.inbox.reader = this;
    try {
      this.shortcut.take(this.inbox.bytes, length);
    } catch (error) {
      this.socket.destroy(error as Error);
    } finally {
      this.inbox.reader = undefined;
    }
    return this.flows;
  }

  unwatch(): boolean {
    if (!this.isWatched) return true;
    const { handle, fd } = this;
    if (fd < 0 || !handle?.readStop || !handle.readStart) return false;
    handle.readStop();
    this.isWatched = false;
    return true;
  }

  watch(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.handle?.readStart?.();
  }

  poll(): void {
    const length = this.readNow();
    const goesOn = length === undefined || (length > 0 && this.receive(length));
    // The end, an error, or a parser that does not keep up: the event loop knows what to do.
    if (!goesOn) this.watch();
  }

  /** How many bytes were there; undefined where that was nothing yet, 0 at the end and where they cannot be read. */
  private readNow(): number | undefined {
    const { fd, inbox } = this;
    const { bytes, reader } = inbox;
    if (fd < 0) return 0;
    // Somebody's packet is still in it.
    if (reader) return undefined;
    try {
      return readSync(fd, bytes, 0, bytes.length, null);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? undefined : 0;
    }
  }

  /** Negative where there is none. */
  private get fd(): number {
    return this.handle?.fd ?? -1;
  }

  private get handle(): Handle | null {
    return (this.socket as unknown as { _handle: Handle | null })._handle;
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
