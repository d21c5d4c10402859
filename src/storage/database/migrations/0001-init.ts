import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const USERS = `
  create table users (
    id uuid primary key,
    email text not null unique,
    password_hash text not null,
    role text not null default 'user' check (role in ('user', 'admin')),
    created_at timestamptz not null default now()
  )`;

const TOKEN_FAMILIES = `
  create table token_families (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now()
  )`;

const REFRESH_TOKENS = `
  create table refresh_tokens (
    hash text primary key,
    family_id uuid not null references token_families on delete cascade,
    successor_hash text,
    spent_at timestamptz
  )`;

// The id is text because some clients choose it. active_depth is the depth of the active leaf: a claim needs it under
// the row's lock, and one statement cannot see a leaf that was written after the statement began.
const CONVERSATIONS = `
  create table conversations (
    id text primary key,
    user_id uuid not null references users on delete cascade,
    title text,
    system_prompt text,
    model text,
    temperature double precision,
    active_leaf_id uuid,
    active_depth integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`;

// run_id: the run that wrote an answer, or that a user message started. run_epoch fences checkpoints on the very row
// that they write. chunk_ends: [[seq, end], …].
const MESSAGES = `
  create table messages (
    id uuid primary key,
    conversation_id text not null references conversations on delete cascade,
    parent_id uuid references messages on delete cascade,
    depth integer not null,
    role text not null check (role in ('user', 'assistant')),
    content text not null,
    status text not null check (status in ('complete', 'streaming', 'cancelled', 'interrupted', 'failed')),
    user_id uuid not null references users on delete cascade,
    client_message_id text,
    run_id uuid,
    run_epoch integer,
    chunk_ends jsonb,
    finish_reason text,
    provider text,
    model text,
    prompt_tokens integer,
    completion_tokens integer,
    total_tokens integer,
    usage_estimated boolean,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`;

// Message ids are no foreign keys: a conversation goes as a whole, and each check would cost the claim a query.
const RUNS = `
  create table runs (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    status text not null check (status in ('running', 'completed', 'cancelled', 'failed', 'interrupted')),
    conversation_id text references conversations on delete cascade,
    user_message_id uuid,
    client_message_id text,
    message_id uuid,
    requested_model text,
    epoch integer not null,
    owner text,
    held_until timestamptz,
    stop_requested_at timestamptz,
    continues uuid,
    continued_by uuid,
    recoveries integer not null default 0,
    final_seq integer,
    finish_reason text,
    provider text,
    model text,
    prompt_tokens integer,
    completion_tokens integer,
    total_tokens integer,
    usage_estimated boolean,
    error jsonb,
    created_at timestamptz not null default now(),
    ended_at timestamptz
  )`;

const INDEXES = [
  'create index token_families_user on token_families (user_id)',
  'create index token_families_expiry on token_families (expires_at)',
  'create index refresh_tokens_family on refresh_tokens (family_id)',
  'create index conversations_user on conversations (user_id, updated_at desc)',
  'create index messages_conversation on messages (conversation_id)',
  'create index messages_parent on messages (parent_id)',
  'create index messages_user on messages (user_id)',
  `create unique index messages_claim on messages (user_id, client_message_id) where client_message_id is not null`,
  'create index runs_user on runs (user_id)',
  'create index runs_conversation on runs (conversation_id)',
  `create unique index runs_one_running on runs (conversation_id) where status = 'running'`,
  'create unique index runs_one_continuation on runs (continues) where continues is not null',
  `create index runs_abandoned on runs (created_at) where status = 'running'`,
];

/** Accounts, sign-ins, conversations as trees of messages, and the runs that write them. */
export const init: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const tables = [USERS, TOKEN_FAMILIES, REFRESH_TOKENS, CONVERSATIONS, MESSAGES, RUNS];
    for (const statement of [...tables, ...INDEXES]) await sql.raw(statement).execute(db);
  },
};
