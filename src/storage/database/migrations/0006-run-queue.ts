import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATUS = [
  'alter table runs drop constraint runs_status_check',
  `alter table runs add constraint runs_status_check
    check (status in ('queued', 'running', 'completed', 'cancelled', 'failed', 'interrupted'))`,
];

// queue_place: the order of a conversation's waiting runs; kept afterwards, as a sign that the run has waited.
// user_slot: which of the user's running runs this is, so that a unique index keeps their number; null for a run that
// continues another, which is never refused.
const COLUMNS = ['alter table runs add column queue_place integer, add column user_slot integer'];

const INDEXES = [
  `create index runs_queued on runs (conversation_id, queue_place) where status = 'queued'`,
  `create unique index runs_user_slot on runs (user_id, user_slot) where status = 'running'`,
  'drop index runs_abandoned',
  `create index runs_abandoned on runs (id) where status in ('queued', 'running')`,
];

/** Runs that wait: for the end of another in their conversation, or of any of their user's. */
export const runQueue: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...STATUS, ...COLUMNS, ...INDEXES]) await sql.raw(statement).execute(db);
  },
};
