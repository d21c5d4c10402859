import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { Session } from '../../session/session.js';
import { SessionStore } from '../../session/session-store.port.js';

/**
 * Sessions of a single node. An expired one is forgotten when somebody asks for it or when its place is needed, so no
 * timer runs; `maxSessions` bounds the whole.
 */
@Injectable()
export class MemorySessionStore extends SessionStore {
  private readonly connected = new Map<string, Session>();
  /** In the order in which they lost their last connection: the first is the first to go. */
  private readonly disconnected = new Map<string, Session>();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** Whether the session lives here. */
  holds(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Snapshots of all sessions. */
  all(): Session[] {
    return [...this.disconnected.values(), ...this.connected.values()].map((session) => ({ ...session }));
  }

  /** Forgets a session that lives elsewhere now. */
  forget(id: string): void {
    this.connected.delete(id);
    this.disconnected.delete(id);
  }

  override async create(session: Session, maxSessions: number): Promise<boolean> {
    if (this.connected.size + this.disconnected.size >= maxSessions && !this.makeRoom()) return false;
    this.place({ ...session });
    return true;
  }

  override async find(id: string): Promise<Session | undefined> {
    const session = this.get(id);
    return session && { ...session };
  }

  override async attach(id: string, userId: string, connectionId: string): Promise<Session | undefined> {
    const session = this.get(id);
    if (session?.userId !== userId) return undefined;
    return this.place({ ...session, connections: [...new Set([...session.connections, connectionId])] });
  }

  override async detach(id: string, connectionId: string, expiresAt: number): Promise<void> {
    const session = this.connected.get(id);
    if (!session?.connections.includes(connectionId)) return;
    const connections = session.connections.filter((other) => other !== connectionId);
    this.place({ ...session, connections, ...(connections.length === 0 && { expiresAt }) });
  }

  override async touch(id: string, at: number, expiresAt: number): Promise<void> {
    this.change(id, { lastActivityAt: at, expiresAt });
  }

  override async point(id: string, conversationId: string): Promise<void> {
    this.change(id, { conversationId });
  }

  override async pointIfUnset(id: string, conversationId: string): Promise<string | undefined> {
    const session = this.get(id);
    if (session && session.conversationId === undefined) session.conversationId = conversationId;
    return session?.conversationId;
  }

  override async count(): Promise<{ active: number; total: number }> {
    for (const id of [...this.disconnected.keys()]) this.get(id);
    return { active: this.connected.size, total: this.connected.size + this.disconnected.size };
  }

  private get(id: string): Session | undefined {
    const waiting = this.disconnected.get(id);
    if (waiting && waiting.expiresAt <= this.clock.now()) this.disconnected.delete(id);
    return this.connected.get(id) ?? this.disconnected.get(id);
  }

  private change(id: string, changes: Partial<Session>): void {
    const session = this.get(id);
    if (session) Object.assign(session, changes);
  }

  private place(session: Session): Session {
    const [home, other] =
      session.connections.length > 0 ? [this.connected, this.disconnected] : [this.disconnected, this.connected];
    other.delete(session.id);
    home.set(session.id, session);
    return { ...session };
  }

  private makeRoom(): boolean {
    const [oldest] = this.disconnected.keys();
    return oldest !== undefined && this.disconnected.delete(oldest);
  }
}
