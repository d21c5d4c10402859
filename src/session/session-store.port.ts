import type { Session } from './session.js';

/**
 * Sessions. Guarantees (session-store.contract.ts): every method is atomic; an expired session is never returned; a
 * session with a connection does not expire; what is returned is a snapshot that later changes do not reach.
 */
export abstract class SessionStore {
  /** False where `maxSessions` are in use and none of them is disconnected; else the oldest disconnected one may go. */
  abstract create(session: Session, maxSessions: number): Promise<boolean>;
  abstract find(id: string): Promise<Session | undefined>;
  /** Adds a connection, where the session exists and is this user's. */
  abstract attach(id: string, userId: string, connectionId: string): Promise<Session | undefined>;
  /** Removes a connection; with the last one gone the session lives until `expiresAt`. */
  abstract detach(id: string, connectionId: string, expiresAt: number): Promise<void>;
  /** Notes activity and slides the expiry. */
  abstract touch(id: string, at: number, expiresAt: number): Promise<void>;
  /** Moves the pointer. */
  abstract point(id: string, conversationId: string): Promise<void>;
  /** Sets the pointer where it is unset; returns what it is then. Of several callers all get the same answer. */
  abstract pointIfUnset(id: string, conversationId: string): Promise<string | undefined>;
  abstract count(): Promise<{ active: number; total: number }>;
}
