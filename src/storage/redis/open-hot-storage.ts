import type { StoreConfig } from '../../config/config.js';
import type { Database } from '../database/database.js';
import { HotStorageOption } from './hot-storage-option.js';
import { HotStorage } from './hot-storage.js';
import { RedisConnections } from './redis-connections.js';

/**
 * Connects to Redis where it is enabled. Without an answer within 2 s the node starts on memory. Rejects with
 * ConfigError where running nodes use this Redis with another database.
 */
export async function openHotStorage({ redis }: StoreConfig, database: Database): Promise<HotStorageOption> {
  if (!redis) return new HotStorageOption(undefined);
  const { id } = await database.run((db) => db.selectFrom('installation').select('id').executeTakeFirstOrThrow());
  const hot = new HotStorage(new RedisConnections(redis), id);
  try {
    await hot.start();
  } catch (error) {
    hot.close();
    throw error;
  }
  return new HotStorageOption(hot);
}
