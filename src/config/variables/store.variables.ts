import { resolve } from 'node:path';
import type { StoreConfig } from '../config.js';
import { postgresUrl, text } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** Where durable things are kept. */
export const storeVariables = {
  DATA_DIR: text()
    .default('./.data')
    .description('Folder of the embedded database and of generated secrets; locked while the server runs.'),
  DATABASE_URL: postgresUrl().description('PostgreSQL to use. Unset: an embedded PostgreSQL (PGlite) in `DATA_DIR`.'),
};

/** What the durable stores need. */
export function storeSlice(settings: Settings): StoreConfig {
  const read = readerOf(storeVariables, settings);
  return { dataDir: resolve(read<string>('DATA_DIR')), databaseUrl: read('DATABASE_URL') };
}
