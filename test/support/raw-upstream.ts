import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turnEnd } from 'node:timers/promises';

/**
 * A vendor's server that writes bytes as the test cuts them, head and chunk lines included: one packet after the other,
 * the next when the event loop has turned.
 */
export class RawUpstream {
  /** How many connections were made. */
  connections = 0;
  private packets: readonly Uint8Array[] = [];
  private hangsUp = false;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RawUpstream> {
    const server = createServer({ noDelay: true });
    const upstream = new RawUpstream(server);
    server.on('connection', (socket) => upstream.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** What every request is answered with; behind it the server may hang up. */
  answer(packets: readonly Uint8Array[], { hangsUp = false } = {}): void {
    this.packets = packets;
    this.hangsUp = hangsUp;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    // Requests here are small and have no body but `{}`: each is one packet.
    socket.on('data', () => void this.play(socket));
    socket.on('error', () => socket.destroy());
  }

  private async play(socket: Socket): Promise<void> {
    for (const packet of this.packets) {
      if (socket.destroyed) return;
      socket.write(packet);
      await turnEnd();
      await turnEnd();
    }
    if (this.hangsUp) socket.destroy();
  }
}
