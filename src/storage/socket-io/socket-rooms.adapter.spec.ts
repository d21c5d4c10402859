import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { redisConfigOf, startRedis } from '../../../test/support/test-redis.js';
import { within } from '../../../test/support/within.js';
import { HotStorage } from '../redis/hot-storage.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { SocketRooms } from './socket-rooms.js';

describe('Socket rooms over Redis', () => {
  let redis: { url: string; stop: () => Promise<void> };
  const nodes: { hot: HotStorage; rooms: SocketRooms; server: Server }[] = [];
  const clients: Socket[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    for (let i = 0; i < 2; i++) await startNode();
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    for (const { hot, rooms, server } of nodes) {
      await server.close();
      rooms.close();
      hot.close();
    }
    await redis.stop();
  });

  async function startNode(): Promise<void> {
    const hot = new HotStorage(new RedisConnections(redisConfigOf(redis.url, 'talksy:')), 'database-1');
    await hot.start();
    const rooms = new SocketRooms(hot);
    const http = createServer();
    const server = new Server(http, { adapter: rooms.adapter! });
    server.on('connection', (socket) => void socket.join('everybody'));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
    clients.push(client);
    nodes.push({ hot, rooms, server });
    await within('the connection', new Promise<void>((resolve) => client.once('connect', resolve)));
  }

  /** Emits again and again: what is published while a node has not come back is lost. */
  async function untilReached(client: Socket, from: Server): Promise<void> {
    let arrived = false;
    const news = new Promise<void>((resolve) => client.once('news', () => resolve(void (arrived = true))));
    const emitting = (async () => {
      for (; !arrived; await new Promise((resolve) => setTimeout(resolve, 20))) from.to('everybody').emit('news');
    })();
    await within('the news', news, 8000).finally(() => (arrived = true));
    await emitting;
  }

  it('reach the sockets of other nodes, and know them', async () => {
    await untilReached(clients[1]!, nodes[0]!.server);
    expect(await nodes[0]!.server.in('everybody').fetchSockets()).toHaveLength(2);
    const gone = new Promise<void>((resolve) => clients[1]!.once('disconnect', () => resolve()));
    nodes[0]!.server.in(clients[1]!.id!).disconnectSockets(true);
    await within('the disconnect', gone);
    clients[1]!.connect();
    await within('the new connection', new Promise<void>((resolve) => clients[1]!.once('connect', resolve)));
  });

  it('come back when Redis was restarted, and harm nobody while it is away', async () => {
    const { port } = new URL(redis.url);
    await redis.stop();
    nodes[0]!.server.to('everybody').emit('lost');
    redis = await startRedis(Number(port));
    await untilReached(clients[1]!, nodes[0]!.server);
    await untilReached(clients[0]!, nodes[1]!.server);
  });

  it('are those of the node alone without Redis', () => {
    expect(new SocketRooms(undefined).adapter).toBeUndefined();
  });
});
