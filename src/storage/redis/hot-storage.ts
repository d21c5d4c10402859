import { Logger } from '@nestjs/common';
import { ConfigError } from '../../config/config-error.js';
import { RedisChannels } from './redis-channels.js';
import type { RedisConnections, RedisState } from './redis-connections.js';
import { SameDatabase } from './same-database.js';

/** How often this node says which database it has, and looks whether others have the same. */
const RENEW_MS = 2000;

/** Where hot state goes now, since when (milliseconds since the epoch), and why not to Redis. */
export interface HotState {
  readonly adapter: 'redis' | 'memory';
  readonly since: number;
  readonly reason?: string;
}

/**
 * Decides where new hot state goes: to Redis while it can be had, else to memory. What exists stays where it is. Redis
 * that belongs to nodes with another database is never used.
 */
export class HotStorage {
  readonly channels: RedisChannels;
  private readonly logger = new Logger('Storage');
  private readonly returnListeners = new Set<() => void>();
  private readonly database: SameDatabase;
  private readonly renewal: NodeJS.Timeout;
  private state: HotState = { adapter: 'memory', since: Date.now(), reason: 'not connected yet' };
  private closed = false;

  /** @param databaseId names the database of this node among all others. */
  constructor(
    readonly connections: RedisConnections,
    databaseId: string,
  ) {
    this.channels = new RedisChannels(connections);
    this.database = new SameDatabase(connections, databaseId);
    connections.onChange((state) => void this.follow(state));
    this.renewal = setInterval(() => void this.follow(connections.state), RENEW_MS);
    this.renewal.unref();
  }

  /** Waits a little for Redis. Rejects with ConfigError where Redis belongs to nodes with another database. */
  async start(): Promise<void> {
    await this.connections.untilUp();
    await this.follow(this.connections.state);
    if (this.database.isForeign) throw new ConfigError(this.database.complaint);
    const { adapter, reason } = this.state;
    if (adapter === 'memory') {
      this.logger.error(
        `Redis cannot be reached (${reason}): this node starts on memory, and shares nothing until then`,
      );
    }
  }

  get usesRedis(): boolean {
    return this.state.adapter === 'redis' && this.connections.state.up;
  }

  get current(): HotState {
    return this.state;
  }

  /** Calls `listener` whenever Redis can be had again; returns the function that ends this. */
  onReturn(listener: () => void): () => void {
    this.returnListeners.add(listener);
    return () => this.returnListeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.renewal);
    this.connections.close();
  }

  private async follow({ up, since, reason }: RedisState): Promise<void> {
    if (this.closed) return;
    if (!up) return this.become({ adapter: 'memory', since, ...(reason !== undefined && { reason }) });
    const same = await this.database.check();
    if (same === 'unknown' || !this.connections.state.up) return;
    if (same) this.become({ adapter: 'redis', since });
    else this.become({ adapter: 'memory', since, reason: this.database.complaint });
  }

  private become(state: HotState): void {
    const before = this.state;
    this.state = state;
    if (before.adapter === state.adapter) return;
    if (state.adapter === 'memory') {
      this.logger.error(`Redis is lost (${state.reason}): what starts now stays on this node until it is back`);
      return;
    }
    this.logger.log('Redis answers: what starts now is shared by all nodes');
    for (const listener of this.returnListeners) listener();
  }
}
