import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';

/** A Socket.IO server with nothing of ours behind it, and its clients: anew for each test of the suite that asks. */
export class PlainSocketServer {
  server = new Server();
  private url = '';
  private clients: Socket[] = [];

  /** To be called once in a suite. */
  static forEachTest(): PlainSocketServer {
    const plain = new PlainSocketServer();
    beforeEach(() => plain.start());
    afterEach(() => plain.close());
    return plain;
  }

  dial(transports: readonly ('websocket' | 'polling')[]): Socket {
    const client = io(this.url, { transports: [...transports], forceNew: true });
    this.clients.push(client);
    return client;
  }

  private async start(): Promise<void> {
    const http = createServer();
    this.server = new Server(http, { serveClient: false });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  private async close(): Promise<void> {
    for (const client of this.clients.splice(0)) client.disconnect();
    await this.server.close();
  }
}
