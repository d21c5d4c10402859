import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// Guests and services have no password. A disabled account keeps its rows and may do nothing.
const USERS = [
  'alter table users alter column password_hash drop not null',
  'alter table users add column disabled_at timestamptz',
  'alter table users drop constraint users_role_check',
  `alter table users add constraint users_role_check check (role in ('user', 'admin', 'guest', 'service'))`,
  `create index users_admins on users (id) where role = 'admin'`,
  `create index users_guests on users (created_at) where role = 'guest'`,
];

// hint: how a key begins, for people who must tell theirs apart. A revoked key is no row.
const API_KEYS = [
  `create table api_keys (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    name text not null,
    hash text not null unique,
    hint text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz
  )`,
  'create index api_keys_user on api_keys (user_id, id desc)',
];

/** Accounts without passwords, disabled accounts, API keys. */
export const accounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...USERS, ...API_KEYS]) await sql.raw(statement).execute(db);
  },
};
