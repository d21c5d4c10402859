import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

// A user's personal organization has the user's own id; its row is made when it is first asked for.
const ORGANIZATIONS = [
  `create table organizations (
    id uuid primary key,
    name text not null,
    personal_of uuid unique references users on delete cascade,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create table organization_members (
    organization_id uuid not null references organizations on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (organization_id, user_id)
  )`,
  'create index organization_members_user on organization_members (user_id)',
];

const PROJECTS = [
  `create table projects (
    id uuid primary key,
    organization_id uuid not null references organizations on delete cascade,
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  'create index projects_organization on projects (organization_id)',
  `create table project_members (
    project_id uuid not null references projects on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (project_id, user_id)
  )`,
  'create index project_members_user on project_members (user_id)',
];

// organization_id is null in the personal organization. A conversation leaves a deleted organization or project and is
// its owner's alone then.
const CONVERSATIONS = [
  `alter table conversations
    add column organization_id uuid references organizations on delete set null,
    add column project_id uuid references projects on delete set null,
    add column archived_at timestamptz,
    add column forked_from text`,
  'create index conversations_organization on conversations (organization_id, updated_at desc)',
  'create index conversations_project on conversations (project_id)',
  `create table conversation_members (
    conversation_id text not null references conversations on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('owner', 'editor', 'viewer')),
    created_at timestamptz not null default now(),
    primary key (conversation_id, user_id)
  )`,
  'create index conversation_members_user on conversation_members (user_id)',
];

// Of a message's children the newest is wanted: with its id in the index no step down a branch looks at others. Words are
// indexed once a message is complete: a checkpoint of a running answer costs the index nothing. No tsvector
// of so few characters outgrows its limit of 1 MB.
const MESSAGES = [
  'drop index messages_parent',
  'create index messages_parent on messages (parent_id, id)',
  'create index messages_roots on messages (conversation_id) where parent_id is null',
  `create index messages_words on messages using gin (to_tsvector('simple', left(content, 50000)))
    where status <> 'streaming'`,
];

/** Conversations that are shared, sorted away, looked through and branched; organizations and projects above them. */
export const conversations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...ORGANIZATIONS, ...PROJECTS, ...CONVERSATIONS, ...MESSAGES]) {
      await sql.raw(statement).execute(db);
    }
  },
};
