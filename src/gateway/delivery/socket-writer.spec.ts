import { PlainSocketServer } from '../../../test/support/plain-socket-server.js';
import { within } from '../../../test/support/within.js';
import { sendAtOnce } from '../sockets/outlet.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { encodeEvent } from './event-packet.js';
import { SocketWriter } from './socket-writer.js';

const NEVER = new AbortController().signal;
const KILOBYTES = 'x'.repeat(8192);

describe('A writer of packets', () => {
  const plain = PlainSocketServer.forEachTest();

  /** The server's side of a connection, and the numbers that the client is told of. */
  async function connected(transports: readonly ('websocket' | 'polling')[]) {
    const [socket, heard] = [Promise.withResolvers<TalksySocket>(), [] as number[]];
    const all = Promise.withResolvers<void>();
    plain.server.on('connection', (arrived) => socket.resolve(arrived as TalksySocket));
    const client = plain.dial(transports);
    client.on('said', ({ n, isLast }: { n: number; isLast?: boolean }) => {
      heard.push(n);
      if (isLast) all.resolve();
    });
    return { socket: await within('the connection', socket.promise), heard, all: all.promise, client };
  }

  it.each([[['websocket']], [['polling']], [['polling', 'websocket']]] as const)(
    'keeps the order of all that is sent by %s, whoever sends it',
    async (transports) => {
      const { socket, heard, all } = await connected(transports);
      const writer = new SocketWriter(socket);
      for (let n = 0; n < 300; n++) {
        const payload = { n, isLast: n === 299, text: n % 50 === 0 ? KILOBYTES : '' };
        if (n % 3 === 0) socket.emit('said', payload);
        else writer.write(encodeEvent('said', payload));
        if (n % 40 === 0) await new Promise(setImmediate);
      }
      await within('the last', all);
      expect(heard).toEqual(Array.from({ length: 300 }, (_, n) => n));
    },
  );

  it('says when to pause for a client that does not read, and when to go on', async () => {
    const { socket, heard, all, client: reader } = await connected(['websocket']);
    const { engine } = reader.io as unknown as { engine: { transport: { ws: { _socket: NodeJS.Socket } } } };
    const line = engine.transport.ws._socket;
    line.pause();
    const writer = new SocketWriter(socket);
    let sent = 0;
    while (!writer.isFull) writer.write(encodeEvent('said', { n: sent++, text: KILOBYTES }));
    const room = writer.room(NEVER);
    expect(room).toBeDefined();
    line.resume();
    await within('room', room!);
    writer.write(encodeEvent('said', { n: sent++, isLast: true }));
    await within('the last', all);
    expect(heard).toEqual(Array.from({ length: sent }, (_, n) => n));
  });

  it('goes the short way where nothing waits: what the libraries keep of it is theirs to change', async () => {
    const { socket, all } = await connected(['websocket']);
    const { frame } = encodeEvent('said', { n: 1, isLast: true });
    const sent = async (): Promise<void> => {
      while (!sendAtOnce(socket.conn, frame)) await new Promise(setImmediate);
    };
    await within('the short way', sent());
    await within('the packet', all);
    socket.disconnect(true);
    expect(sendAtOnce(socket.conn, frame)).toBe(false);
  });
});
