import type { ApiKey } from '../api-key-store.port.js';

/** An API key as its owner sees it. Times are ISO 8601, UTC. */
export interface ApiKeyView {
  id: string;
  name: string;
  /** How the key begins. */
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  /** Exact to the minute. */
  lastUsedAt: string | null;
}

/** What of a key goes over the wire: never its hash. */
export function apiKeyView({ id, name, hint, createdAt, expiresAt, lastUsedAt }: ApiKey): ApiKeyView {
  const time = (date: Date | undefined) => date?.toISOString() ?? null;
  return {
    id,
    name,
    hint,
    createdAt: createdAt.toISOString(),
    expiresAt: time(expiresAt),
    lastUsedAt: time(lastUsedAt),
  };
}
