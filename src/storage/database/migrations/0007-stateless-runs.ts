import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// Only while the run is being written: its end forgets what it was asked.
const PROMPT = 'alter table runs add column prompt jsonb';

/** Runs that belong to no conversation. */
export const statelessRuns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(PROMPT).execute(db);
  },
};
