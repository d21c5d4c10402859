import type { Session } from '../../session/session.js';

/** The sessions that this node serves or served last: what bounds their number, and what it knows without Redis. */
export class NodeSessions {
  /** With the connections of this node only. */
  private readonly connected = new Map<string, { session: Session; connections: Set<string> }>();
  /** Until when each may live, in the order in which they lost their last connection here. */
  private readonly disconnected = new Map<string, number>();

  get size(): number {
    return this.connected.size + this.disconnected.size;
  }

  get connectedCount(): number {
    return this.connected.size;
  }

  /** The session that may go first. */
  get oldestDisconnected(): string | undefined {
    return this.disconnected.keys().next().value;
  }

  note(session: Session, connections: readonly string[]): void {
    const known = this.connected.get(session.id);
    const all = new Set([...(known?.connections ?? []), ...connections]);
    this.forget(session.id);
    if (all.size > 0) this.connected.set(session.id, { session, connections: all });
    else this.disconnected.set(session.id, session.expiresAt);
  }

  leave(id: string, connectionId: string, expiresAt: number): void {
    const known = this.connected.get(id);
    if (!known?.connections.delete(connectionId) || known.connections.size > 0) return;
    this.connected.delete(id);
    this.disconnected.set(id, expiresAt);
  }

  change(id: string, changes: Partial<Session>): void {
    const known = this.connected.get(id);
    if (known) known.session = { ...known.session, ...changes };
    if (changes.expiresAt !== undefined && this.disconnected.has(id)) this.disconnected.set(id, changes.expiresAt);
  }

  /** What is known of a session with a connection here, as of the last answer from Redis. */
  find(id: string): Session | undefined {
    const known = this.connected.get(id);
    return known && { ...known.session, connections: [...known.connections] };
  }

  forget(id: string): void {
    this.connected.delete(id);
    this.disconnected.delete(id);
  }

  forgetExpired(now: number): void {
    for (const [id, expiresAt] of this.disconnected) if (expiresAt <= now) this.disconnected.delete(id);
  }

  /** The connections of this node, session by session. */
  *connections(): Iterable<[id: string, connections: readonly string[]]> {
    for (const [id, { connections }] of this.connected) yield [id, [...connections]];
  }
}
