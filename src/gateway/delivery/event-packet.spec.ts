import { PlainSocketServer } from '../../../test/support/plain-socket-server.js';
import { within } from '../../../test/support/within.js';
import { encodeEvent } from './event-packet.js';

describe('A packet of an event', () => {
  const plain = PlainSocketServer.forEachTest();

  /** What a real client is told of payloads that the server writes as packets. */
  async function received(transport: 'websocket' | 'polling', payloads: readonly object[]): Promise<unknown[]> {
    plain.server.on('connection', (socket) => {
      for (const payload of payloads) {
        const packet = encodeEvent('said', payload);
        socket.conn.write(packet.text, packet.options);
      }
    });
    const client = plain.dial([transport]);
    const heard: unknown[] = [];
    await within(
      'the events',
      new Promise<void>((resolve) => {
        client.on('said', (payload: unknown) => {
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
