import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { within } from '../../../test/support/within.js';
import { encodeEvent } from './event-packet.js';

describe('A packet of an event', () => {
  let http: HttpServer;
  let server: Server;
  let client: Socket | undefined;

  beforeEach(async () => {
    http = createServer();
    server = new Server(http, { serveClient: false });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    client?.disconnect();
    await server.close();
  });

  /** What a real client is told of payloads that the server writes as packets. */
  async function received(transport: 'websocket' | 'polling', payloads: readonly object[]): Promise<unknown[]> {
    server.on('connection', (socket) => {
      for (const payload of payloads) {
        const packet = encodeEvent('said', payload);
        socket.conn.write(packet.text, packet.options);
      }
    });
    client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      transports: [transport],
      forceNew: true,
    });
    const heard: unknown[] = [];
    await within(
      'the events',
      new Promise<void>((resolve) => {
        client!.on('said', (payload: unknown) => {
          heard.push(payload);
          if (heard.length === payloads.length) resolve();
        });
      }),
    );
    return heard;
  }

  // On the wire {"text":""} is 20 bytes with all that is around it: each side of both borders of RFC 6455, 5.2.
  const payloads = [0, 103, 104, 105, 106, 107, 65_513, 65_514, 65_515, 65_516, 65_517, 200_000].map((length) => {
    return { text: 'x'.repeat(length) };
  });

  it.each(['websocket', 'polling'] as const)('comes whole by %s, whatever its length', async (transport) => {
    expect(await received(transport, payloads)).toEqual(payloads);
  });

  it('carries every text', async () => {
    const all = ['"\\\u0000\u2028', 'ß…', '👩‍🚀'.repeat(30), '漢字'.repeat(40_000)].map((text) => ({ text }));
    expect(await received('websocket', all)).toEqual(all);
  });
});
