import type { CacheConfig, StoreConfig } from '../../config/config.js';

/** By then a logout must have reached every node. */
const REACH_MS = 1000;

/**
 * How long lookups may be remembered. Nodes that share a database but no Redis do not hear of each other's logouts, so
 * there they look again after a second. The embedded database has one node only.
 */
export function reachableBounds(bounds: CacheConfig, { databaseUrl, redis }: StoreConfig): CacheConfig {
  const hearsAll = redis !== undefined || databaseUrl === undefined;
  return hearsAll ? bounds : { ...bounds, ttlMs: Math.min(bounds.ttlMs, REACH_MS) };
}
