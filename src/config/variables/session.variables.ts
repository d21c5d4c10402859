import type { SessionConfig } from '../config.js';
import { count, millis } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** A client's session between connections. */
export const sessionVariables = {
  SESSION_TTL_MS: millis(1).default(900_000).description('Life of a session after the last activity.'),
  SESSION_DISCONNECT_GRACE_MS: millis(1)
    .default(300_000)
    .description('Life of a session after its last connection ended, if shorter.'),
  SESSION_MAX_HISTORY: count(1).max(1000).default(100).description('Most messages a history holds.'),
  SESSION_MAX_SESSIONS: count(1)
    .default(10_000)
    .description('Most sessions of a node; beyond it the oldest disconnected one goes.'),
};

/** What sessions need. */
export function sessionSlice(settings: Settings): SessionConfig {
  const read = readerOf(sessionVariables, settings);
  return {
    ttlMs: read('SESSION_TTL_MS'),
    disconnectGraceMs: read('SESSION_DISCONNECT_GRACE_MS'),
    maxHistory: read('SESSION_MAX_HISTORY'),
    maxSessions: read('SESSION_MAX_SESSIONS'),
  };
}
