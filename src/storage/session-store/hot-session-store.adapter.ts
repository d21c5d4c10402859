import { Logger } from '@nestjs/common';
import type { Session } from '../../session/session.js';
import { SessionStore } from '../../session/session-store.port.js';
import type { HotStorage } from '../redis/hot-storage.js';
import { isUnreachable } from '../redis/redis-errors.js';
import type { MemorySessionStore } from './memory-session-store.adapter.js';
import type { RedisSessionStore } from './redis-session-store.adapter.js';

/**
 * Sessions in Redis; while it cannot be had, in memory: new ones, and those of connected clients as last known. When
 * Redis is back they all go there. A session that only Redis knows cannot be restored meanwhile: a new one begins.
 */
export class HotSessionStore extends SessionStore {
  private readonly logger = new Logger(HotSessionStore.name);
  private readonly forgetReturn: () => void;

  constructor(
    private readonly memory: MemorySessionStore,
    private readonly redis: RedisSessionStore,
    private readonly hot: HotStorage,
  ) {
    super();
    this.forgetReturn = hot.onReturn(() => void this.moveBack());
  }

  override async create(session: Session, maxSessions: number): Promise<boolean> {
    if (!this.hot.usesRedis) return this.memory.create(session, maxSessions);
    try {
      return await this.redis.create(session, maxSessions);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return this.memory.create(session, maxSessions);
    }
  }

  override find(id: string): Promise<Session | undefined> {
    return this.where(id, (store) => store.find(id));
  }

  override async attach(id: string, userId: string, connectionId: string): Promise<Session | undefined> {
    try {
      return await this.where(id, (store) => store.attach(id, userId, connectionId));
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return undefined;
    }
  }

  override detach(id: string, connectionId: string, expiresAt: number): Promise<void> {
    return this.where(id, (store) => store.detach(id, connectionId, expiresAt));
  }

  override touch(id: string, at: number, expiresAt: number): Promise<void> {
    return this.where(id, (store) => store.touch(id, at, expiresAt));
  }

  override point(id: string, conversationId: string): Promise<void> {
    return this.where(id, (store) => store.point(id, conversationId));
  }

  override pointIfUnset(id: string, conversationId: string): Promise<string | undefined> {
    return this.where(id, (store) => store.pointIfUnset(id, conversationId));
  }

  override async count(): Promise<{ active: number; total: number }> {
    const [local, shared] = await Promise.all([this.memory.count(), this.redis.count()]);
    return { active: local.active + shared.active, total: local.total + shared.total };
  }

  close(): void {
    this.forgetReturn();
    this.redis.close();
  }

  /** Works where the session lives; a connected one comes to memory when Redis is lost. */
  private async where<T>(id: string, work: (store: SessionStore) => Promise<T>): Promise<T> {
    if (this.memory.holds(id)) return work(this.memory);
    try {
      return await work(this.redis);
    } catch (error) {
      const known = isUnreachable(error) ? this.redis.known(id) : undefined;
      if (!known && !this.memory.holds(id)) throw error;
      if (known && !this.memory.holds(id)) await this.memory.create(known, Infinity);
      this.redis.disown(id);
      const result = await work(this.memory);
      if (this.hot.usesRedis) void this.moveBack();
      return result;
    }
  }

  private async moveBack(): Promise<void> {
    try {
      for (const { id } of this.memory.all()) await this.moveOne(id);
    } catch (error) {
      if (!isUnreachable(error)) this.logger.error({ err: error }, 'sessions could not be moved to Redis');
    }
  }

  /** What changes while it is written is written again. */
  private async moveOne(id: string): Promise<void> {
    for (let written: string | undefined; ;) {
      const session = await this.memory.find(id);
      if (!session || JSON.stringify(session) === written) return this.memory.forget(id);
      written = JSON.stringify(session);
      await this.redis.write(session);
    }
  }
}
