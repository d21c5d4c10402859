import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** A Socket.IO server with nothing of ours behind it, on a free port. */
export interface PlainSocketServer {
  server: Server;
  url: string;
  close(): Promise<void>;
}

/** Starts one. */
export async function startPlainSocketServer(): Promise<PlainSocketServer> {
  const http = createServer();
  const server = new Server(http, { serveClient: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => server.close() };
}
