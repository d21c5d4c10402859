import { createAdapter } from '@socket.io/redis-adapter';
import type { HotStorage } from '../redis/hot-storage.js';
import type { RedisLink } from '../redis/redis-link.js';
import { ListeningClient, PublishingClient } from './socket-io-clients.js';

/**
 * Socket.IO's rooms over all nodes, for control events (make these sockets leave, tell who is there). Without Redis the
 * rooms of this node only. Text of answers never passes here: each node follows the log and writes to its own sockets.
 */
export class SocketRooms {
  /** For Socket.IO's `adapter` option; undefined without Redis. */
  readonly adapter: ReturnType<typeof createAdapter> | undefined;
  private readonly link: RedisLink | undefined;

  constructor(hot: HotStorage | undefined) {
    if (!hot) return;
    const { connections } = hot;
    this.link = connections.openLink();
    const key = connections.key('socket.io');
    this.adapter = createAdapter(new PublishingClient(connections), new ListeningClient(this.link), { key });
  }

  close(): void {
    this.link?.close();
  }
}
