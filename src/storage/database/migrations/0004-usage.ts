import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// What a user has used of a day's budget. Stays when the runs go with their conversation: deleting refunds nothing.
const TOKEN_DAYS = `
  create table token_days (
    user_id uuid not null references users on delete cascade,
    day date not null,
    used bigint not null default 0,
    primary key (user_id, day)
  )`;

// What the running runs may still use of it; goes with the run's end, or with the run.
const TOKEN_RESERVATIONS = `
  create table token_reservations (
    run_id uuid primary key references runs on delete cascade,
    user_id uuid not null references users on delete cascade,
    day date not null,
    tokens bigint not null
  )`;

const SUMMARIES = `
  alter table conversations
    add column summary text,
    add column summary_of uuid`;

const INDEXES = ['create index token_reservations_user on token_reservations (user_id, day)'];

/** Daily budgets of tokens, and what is kept of messages that a model no longer sees. */
export const usage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [TOKEN_DAYS, TOKEN_RESERVATIONS, SUMMARIES, ...INDEXES])
      await sql.raw(statement).execute(db);
  },
};
