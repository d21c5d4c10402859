import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// `input`: what a question is beside its text; `attachments`: what histories show of that. `calls`: the calls that an answer ended with, for its caller to make.
const COLUMNS = 'alter table messages add column input jsonb, add column attachments jsonb, add column calls jsonb';

/** Messages that models read otherwise than people do. */
export const messageInputs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(COLUMNS).execute(db);
  },
};
