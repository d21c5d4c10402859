import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { init } from './migrations/0001-init.js';
import { runQueue } from './migrations/0005-run-queue.js';
import type { Tables } from './schema.js';

/** Names sort in the order of their making; a name that was released never changes. */
const MIGRATIONS: Record<string, Migration> = { '0001-init': init, '0005-run-queue': runQueue };

/**
 * Brings the schema up to date, all of it or nothing. Safe when several nodes start together: an advisory lock lets
 * one work and the others wait. Returns how many migrations ran.
 */
export async function migrate(db: Kysely<Tables>): Promise<number> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error;
  return results?.length ?? 0;
}
