import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// No foreign key to runs: the key would cost each request a look-up, and rows go by their age.
const TOOL_APPROVALS = `
  create table tool_approvals (
    run_id uuid not null,
    call_id text not null,
    user_id uuid not null references users on delete cascade,
    tool_name text not null,
    digest text not null,
    status text not null default 'pending' check (status in ('pending', 'approved', 'denied')),
    reason text,
    requested_at timestamptz not null default now(),
    expires_at timestamptz not null,
    decided_at timestamptz,
    spent_at timestamptz,
    primary key (run_id, call_id)
  )`;

const INDEXES = [
  'create index tool_approvals_user on tool_approvals (user_id)',
  'create index tool_approvals_expiry on tool_approvals (expires_at)',
];

/** Approvals of tool calls. */
export const tools: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [TOOL_APPROVALS, ...INDEXES]) await sql.raw(statement).execute(db);
  },
};
