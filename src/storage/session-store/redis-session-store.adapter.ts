import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock.js';
import type { Session } from '../../session/session.js';
import { SessionStore } from '../../session/session-store.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { isUnreachable } from '../redis/redis-errors.js';
import type { RedisScript } from '../redis/redis-script.js';
import { NodeSessions } from './node-sessions.js';
import { ATTACH, CREATE, DETACH, EVICT, FIND, POINT, TOUCH, VOUCH } from './redis-session-store.scripts.js';

/** How much longer than the session its key may live: more than the clocks of two nodes may differ. */
const SLACK_MS = 60_000;
/** A node vouches for its connections again and again; those of a dead one count no longer after this. */
const VOUCH_MS = 300_000;
const VOUCH_EVERY_MS = VOUCH_MS / 3;

/**
 * Sessions that every node can restore. Expiry is judged by the nodes' clocks, which must agree to seconds.
 * `maxSessions` and `count` are this node's: of the sessions that it serves, or served last.
 */
export class RedisSessionStore extends SessionStore {
  private readonly logger = new Logger(RedisSessionStore.name);
  private readonly here = new NodeSessions();
  private readonly vouching: NodeJS.Timeout;

  constructor(
    private readonly connections: RedisConnections,
    private readonly clock: Clock,
  ) {
    super();
    this.vouching = setInterval(() => void this.vouchAll(), VOUCH_EVERY_MS);
    this.vouching.unref();
  }

  override async create(session: Session, maxSessions: number): Promise<boolean> {
    this.here.forgetExpired(this.clock.now());
    while (this.here.size >= maxSessions) if (!(await this.makeRoom())) return false;
    await this.write(session);
    return true;
  }

  /** Writes a session as it is, with connections of this node, whatever was there. */
  async write(session: Session): Promise<void> {
    const vouchedUntil = this.clock.now() + VOUCH_MS;
    const connections = session.connections.flatMap((id) => [`@${id}`, vouchedUntil]);
    const needed = Math.max(session.expiresAt, connections.length > 0 ? vouchedUntil : 0);
    await this.run(CREATE, session.id, [needed, ...fieldsOf(session), ...connections]);
    this.here.note(session, session.connections);
  }

  /** What this node knows of a session that is connected to it, without asking Redis. */
  known(id: string): Session | undefined {
    return this.here.find(id);
  }

  /** The session lives elsewhere for now. */
  disown(id: string): void {
    this.here.forget(id);
  }

  override async find(id: string): Promise<Session | undefined> {
    const session = sessionOf(id, await this.run(FIND, id));
    if (session) this.here.change(id, session);
    else this.here.forget(id);
    return session;
  }

  override async attach(id: string, userId: string, connectionId: string): Promise<Session | undefined> {
    const vouchedUntil = this.clock.now() + VOUCH_MS;
    const session = sessionOf(id, await this.run(ATTACH, id, [userId, connectionId, vouchedUntil]));
    if (session) this.here.note(session, [connectionId]);
    return session;
  }

  override async detach(id: string, connectionId: string, expiresAt: number): Promise<void> {
    await this.run(DETACH, id, [connectionId, expiresAt]);
    this.here.leave(id, connectionId, expiresAt);
  }

  override async touch(id: string, at: number, expiresAt: number): Promise<void> {
    await this.run(TOUCH, id, [at, expiresAt]);
    this.here.change(id, { lastActivityAt: at, expiresAt });
  }

  override async point(id: string, conversationId: string): Promise<void> {
    await this.run(POINT, id, [conversationId, 0]);
    this.here.change(id, { conversationId });
  }

  override async pointIfUnset(id: string, conversationId: string): Promise<string | undefined> {
    const session = sessionOf(id, await this.run(POINT, id, [conversationId, 1]));
    if (session) this.here.change(id, session);
    return session?.conversationId;
  }

  override async count(): Promise<{ active: number; total: number }> {
    this.here.forgetExpired(this.clock.now());
    return { active: this.here.connectedCount, total: this.here.size };
  }

  /** Says again which connections this node has. */
  async vouchAll(): Promise<void> {
    const vouchedUntil = this.clock.now() + VOUCH_MS;
    const vouched = [...this.here.connections()].map(([id, ids]) => this.run(VOUCH, id, [vouchedUntil, ...ids]));
    for (const { reason } of (await Promise.allSettled(vouched)) as PromiseRejectedResult[]) {
      if (reason !== undefined && !isUnreachable(reason)) this.logger.error({ err: reason }, 'vouching failed');
    }
  }

  close(): void {
    clearInterval(this.vouching);
  }

  /** The oldest goes, unless it is connected to another node: then it counts there. */
  private async makeRoom(): Promise<boolean> {
    const oldest = this.here.oldestDisconnected;
    if (oldest === undefined) return false;
    await this.run(EVICT, oldest);
    this.here.forget(oldest);
    return true;
  }

  private async run(script: RedisScript, id: string, args: readonly (string | number)[] = []): Promise<string[]> {
    const keys = [this.connections.key(`session:{${id}}`)];
    const all = [this.clock.now(), SLACK_MS, ...args];
    return (await this.connections.run((redis) => script.run(redis, keys, all))) as string[];
  }
}

function fieldsOf({ userId, conversationId, createdAt, lastActivityAt, expiresAt }: Session): (string | number)[] {
  const pointer = conversationId === undefined ? [] : ['c', conversationId];
  return ['u', userId, 'a', createdAt, 'l', lastActivityAt, 'x', expiresAt, ...pointer];
}

function sessionOf(id: string, flat: readonly string[]): Session | undefined {
  if (flat.length === 0) return undefined;
  const fields = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) fields.set(flat[i]!, flat[i + 1]!);
  return {
    id,
    userId: fields.get('u')!,
    conversationId: fields.get('c'),
    connections: [...fields.keys()].filter((name) => name.startsWith('@')).map((name) => name.slice(1)),
    createdAt: Number(fields.get('a')),
    lastActivityAt: Number(fields.get('l')),
    expiresAt: Number(fields.get('x')),
  };
}
