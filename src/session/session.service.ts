import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId, newSecretId } from '../common/ids.js';
import { SessionConfig } from '../config/config.js';
import type { Session } from './session.js';
import { SessionStore } from './session-store.port.js';

export interface OpenedSession {
  session: Session;
  restored: boolean;
}

/** A client's session between and during its connections. */
@Injectable()
export class SessionService {
  constructor(
    private readonly store: SessionStore,
    private readonly clock: Clock,
    private readonly config: SessionConfig,
  ) {}

  /**
   * Restores the user's session, or creates one where the id is unknown, expired or somebody else's; no hint which.
   * Throws OVERLOADED where the node is full of connected sessions.
   */
  async open(userId: string, connectionId: string, sessionId?: string): Promise<OpenedSession> {
    const known = sessionId && (await this.store.attach(sessionId, userId, connectionId));
    if (known) return { session: known, restored: true };
    const now = this.clock.now();
    const session: Session = {
      id: newSecretId(),
      userId,
      conversationId: undefined,
      connections: [connectionId],
      createdAt: now,
      lastActivityAt: now,
      expiresAt: now + this.config.ttlMs,
    };
    if (await this.store.create(session, this.config.maxSessions)) return { session, restored: false };
    throw new TalksyError('OVERLOADED', 'Too many sessions on this node; try again shortly.', { retryAfterMs: 5000 });
  }

  /** Throws SESSION_EXPIRED. */
  async require(sessionId: string): Promise<Session> {
    const session = await this.store.find(sessionId);
    if (!session) throw new TalksyError('SESSION_EXPIRED');
    return session;
  }

  /** Notes activity, which slides the expiry. */
  async touch(sessionId: string): Promise<void> {
    const now = this.clock.now();
    await this.store.touch(sessionId, now, now + this.config.ttlMs);
  }

  /**
   * The connection is gone; with the last one the session lives for the grace or its TTL, if shorter. A session does not
   * age while it is connected, so the TTL counts from here.
   */
  async leave(sessionId: string, connectionId: string): Promise<void> {
    const { disconnectGraceMs, ttlMs } = this.config;
    await this.store.detach(sessionId, connectionId, this.clock.now() + Math.min(disconnectGraceMs, ttlMs));
  }

  /** Moves the session to another conversation. */
  async point(sessionId: string, conversationId: string): Promise<void> {
    await this.store.point(sessionId, conversationId);
  }

  /** The session's conversation; a new id the first time, the same one for all who ask at once. */
  async conversationOf(sessionId: string): Promise<string> {
    const conversationId = await this.store.pointIfUnset(sessionId, newRowId());
    if (!conversationId) throw new TalksyError('SESSION_EXPIRED');
    return conversationId;
  }

  async count(): Promise<{ active: number; total: number }> {
    return this.store.count();
  }
}
