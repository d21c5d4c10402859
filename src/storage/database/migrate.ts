import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { init } from './migrations/0001-init.js';
import { accounts } from './migrations/0002-accounts.js';
import { tools } from './migrations/0003-tools.js';
import { usage } from './migrations/0004-usage.js';
import { installation } from './migrations/0005-installation.js';
import { runQueue } from './migrations/0006-run-queue.js';
import { statelessRuns } from './migrations/0007-stateless-runs.js';
import { conversations } from './migrations/0008-conversations.js';
import { messageInputs } from './migrations/0009-message-inputs.js';
import { allowedTools } from './migrations/0010-allowed-tools.js';
import type { Tables } from './schema.js';

/** Names sort in the order of their making; a name that was released never changes. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-init': init,
  '0002-accounts': accounts,
  '0003-tools': tools,
  '0004-usage': usage,
  '0005-installation': installation,
  '0006-run-queue': runQueue,
  '0007-stateless-runs': statelessRuns,
  '0008-conversations': conversations,
  '0009-message-inputs': messageInputs,
  '0010-allowed-tools': allowedTools,
};

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
