import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import { ConfigError } from '../../config/config-error.js';
import { Database } from './database.js';
import { keepStatements } from './keep-statements.js';
import { migrate } from './migrate.js';
import { PglitePool } from './pglite-pool.js';
import { ServerPool } from './postgres-pool.js';
import type { Tables } from './schema.js';

export interface DatabaseOptions {
  /** A PostgreSQL server; wins over the embedded one. */
  databaseUrl?: string | undefined;
  /** Folder of the embedded PostgreSQL; without one it lives in memory. */
  pglitePath?: string | undefined;
  /** A dump that an embedded PostgreSQL in memory begins with. */
  pgliteTemplate?: Uint8Array<ArrayBuffer> | undefined;
}

/** Waiting for other nodes that migrate, and migrating, may take longer than any query of a client. */
const MIGRATING = { max: 1, connectMs: 5000, statementMs: 120_000 };

/**
 * Opens the database and brings its schema up to date; the embedded one starts at once, before the first await.
 * Rejects with ConfigError, in one line that says what to mend.
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  return options.databaseUrl ? openServer(options.databaseUrl) : openEmbedded(options);
}

async function openServer(databaseUrl: string): Promise<Database> {
  const pool = new ServerPool(databaseUrl, MIGRATING);
  try {
    await migrateOver(pool);
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    throw new ConfigError(
      `DATABASE_URL: the database at ${host}${pathname} cannot be used (${lineOf(error)}); start it or correct the address`,
    );
  } finally {
    await pool.end();
  }
  return new Database('postgres', new ServerPool(databaseUrl));
}

async function openEmbedded({ pglitePath, pgliteTemplate }: DatabaseOptions): Promise<Database> {
  const pool = new PglitePool({
    ...(pglitePath && { dataDir: pglitePath }),
    ...(pgliteTemplate && { template: pgliteTemplate }),
  });
  try {
    await pool.ready;
    await migrateOver(pool);
  } catch (error) {
    await pool.end();
    throw new ConfigError(
      `DATA_DIR: the database in ${pglitePath ?? 'memory'} does not start (${lineOf(error)}); ` +
        'restore the folder from a backup, or move it away to begin anew',
    );
  }
  return new Database('pglite', pool);
}

/** The Kysely instance is not destroyed: it holds nothing but the pool. */
async function migrateOver(pool: PostgresPool): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
  await keepStatements(db);
}

const lineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
