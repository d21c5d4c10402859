import { sendAtOnce } from '../sockets/outlet.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import type { EventPacket } from './event-packet.js';

/** Bytes that may wait in this process for one slow connection before its reader pauses. */
const HIGH_WATER_BYTES = 16 * 1024;

/**
 * Writes encoded packets to one connection and says when to pause: Socket.IO itself would buffer without bound for a
 * client that does not read. What the kernel does not take at once counts as waiting until it has.
 */
export class SocketWriter {
  private readonly waiting: number[] = [];
  private waitingBytes = 0;
  private readonly paused = new Set<() => void>();

  constructor(private readonly socket: TalksySocket) {}

  write(packet: EventPacket): void {
    const { conn } = this.socket;
    const { text } = packet;
    // A large one would wait uncounted.
    if (text.length < HIGH_WATER_BYTES && sendAtOnce(conn, packet.frame)) return;
    this.waiting.push(text.length);
    this.waitingBytes += text.length;
    conn.write(text, packet.options, this.sent);
  }

  /** Whether a reader should pause now. */
  get isFull(): boolean {
    return this.waitingBytes >= HIGH_WATER_BYTES;
  }

  /** Undefined while there is room; else resolves when there is again, the connection has ended, or `signal` aborts. */
  room(signal: AbortSignal): Promise<void> | undefined {
    const { conn } = this.socket;
    if (!this.isFull || conn.readyState !== 'open') return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        conn.off('close', goOn);
        signal.removeEventListener('abort', goOn);
        this.paused.delete(goOn);
        resolve();
      };
      this.paused.add(goOn);
      conn.on('close', goOn);
      signal.addEventListener('abort', goOn);
    });
  }

  private readonly sent = (): void => {
    this.waitingBytes -= this.waiting.shift() ?? 0;
    if (!this.isFull) for (const goOn of this.paused) goOn();
  };
}
