import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket } from 'ws';
import { within } from '../support/within.js';

interface Packets {
  PONG: string;
  connectPacket(auth: object): string;
  eventPacket(name: string, payload: unknown, ackId?: number): string;
  decodePacket(frame: string): { type: string; name?: string; payload?: unknown; id?: number; error?: object };
}

/** The framing that the load tests bring along, against a real Socket.IO server. */
describe('The packets of the load tests', () => {
  const http = createServer();
  const io = new Server(http, { pingInterval: 50, pingTimeout: 1000 });
  let packets: Packets;

  beforeAll(async () => {
    const file = '../../k6/lib/packets.js';
    packets = (await import(file)) as Packets;
    io.use((socket, next) => next(socket.handshake.auth['token'] === 'right' ? undefined : new Error('wrong token')));
    io.on('connection', (socket) => {
      socket.on('echo', (payload, ack) => {
        ack({ ok: true, data: payload });
        socket.emit('echoed', payload);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void io.close());

  /** Everything until a packet of this type, answering as a client does. */
  async function talk(auth: object, last: string): Promise<ReturnType<Packets['decodePacket']>[]> {
    const { port } = http.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    const received: ReturnType<Packets['decodePacket']>[] = [];
    const ended = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const packet = packets.decodePacket(data.toString());
        received.push(packet);
        if (packet.type === 'open') socket.send(packets.connectPacket(auth));
        if (packet.type === 'ping') socket.send(packets.PONG);
        if (packet.type === 'connected') socket.send(packets.eventPacket('echo', { text: 'über 😀' }, 7));
        if (packet.type === last) resolve();
      });
    });
    await within(`a packet "${last}"`, ended);
    socket.close();
    return received;
  }

  it('join, send, and read what comes back', async () => {
    const received = await talk({ token: 'right' }, 'ping');
    expect(received.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['open', 'connected', 'ack', 'event', 'ping']),
    );
    expect(received).toContainEqual({ type: 'ack', id: 7, payload: { ok: true, data: { text: 'über 😀' } } });
    expect(received).toContainEqual({ type: 'event', name: 'echoed', payload: { text: 'über 😀' } });
  });

  it('understand a refusal', async () => {
    expect((await talk({ token: 'wrong' }, 'refused')).at(-1)).toEqual({
      type: 'refused',
      error: { message: 'wrong token' },
    });
  });

  it('take what they do not know for nothing, and leave at the end', () => {
    expect(['6', '1', '41', '45-["x"]'].map((frame) => packets.decodePacket(frame).type)).toEqual([
      'other',
      'close',
      'disconnected',
      'other',
    ]);
  });
});
