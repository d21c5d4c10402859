import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// `tools`: the names that the run may call; null for all that its user may. `has_effects`: set before the first call of a
// tool whose repetition could do harm; of runs that nodes of an earlier version began nobody knows, so it is true.
const COLUMNS = 'alter table runs add column tools jsonb, add column has_effects boolean not null default true';

/** What a run may call and has called, for whoever continues it when its log has died with its node. */
export const allowedTools: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(COLUMNS).execute(db);
  },
};
