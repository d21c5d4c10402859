import type { StoreConfig } from '../../config/config.js';
import { DataFolder } from './data-folder.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';

/** The folder and the database that is being opened; whoever waits for it learns whether that worked. */
export interface DurableStorage {
  folder: DataFolder;
  database: Promise<Database>;
}

/**
 * Begins to open what the configuration names. The embedded database needs seconds when it is new, so the earlier this
 * is called the sooner the server is ready. Throws ConfigError where the data folder cannot be had.
 */
export function openDurableStorage({ dataDir, databaseUrl }: StoreConfig): DurableStorage {
  const folder = new DataFolder(dataDir);
  if (!databaseUrl) folder.occupy();
  const database = openDatabase({ databaseUrl, pglitePath: folder.pglitePath });
  // Whoever awaits it gets the rejection; until then it must not count as unhandled.
  database.catch(() => folder.release());
  return { folder, database };
}
