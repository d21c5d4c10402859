import { type Kysely, type RawBuilder, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { ConversationQuery, ListedConversation } from '../../conversation/conversation-directory.port.js';
import { rankIn, roleOfRank } from '../conversation-store/conversation-rank.sql.js';
import { type ConversationRow, toConversation } from '../conversation-store/conversation-row.js';
import type { Tables } from '../database/schema.js';

interface ListedRow extends ConversationRow {
  rank: number;
  /** Microseconds, which a Date does not hold. */
  moment: string;
}

const CURSOR = /^(\d{1,18})\.(.{1,128})$/s;

/** One page of what a user may see, changed last first. */
export async function listConversations(db: Kysely<Tables>, query: ConversationQuery): Promise<ListedConversation[]> {
  const { userId, limit, after, text, archived } = query;
  const conditions: RawBuilder<unknown>[] = [whereabouts(query)];
  if (after !== undefined) conditions.push(behind(after));
  if (text !== undefined) conditions.push(holding(text));
  if (archived !== undefined) conditions.push(sql`(conversation.archived_at is not null) = ${archived}::boolean`);
  const { rows } = await sql<ListedRow>`
    select conversation.*, ${rankIn('conversation', userId)} as rank,
           (extract(epoch from conversation.updated_at) * 1000000)::bigint::text as moment
    from conversations conversation
    where ${sql.join(conditions, sql` and `)}
    order by conversation.updated_at desc, conversation.id desc
    limit ${limit}::integer
  `.execute(db);
  return rows.map((row) => {
    const cursor = Buffer.from(`${row.moment}.${row.id}`).toString('base64url');
    return { conversation: toConversation(row), role: roleOfRank(row.rank) ?? 'viewer', cursor };
  });
}

/** The personal organization has its user's id, and holds what says of no other. */
function whereabouts({ userId, organizationId, projectId }: ConversationQuery): RawBuilder<unknown> {
  const seen = sql`${rankIn('conversation', userId)} > 0`;
  if (projectId !== undefined) return sql`conversation.project_id = ${projectId}::uuid and ${seen}`;
  if (organizationId === undefined) {
    return sql`(conversation.user_id = ${userId}::uuid or conversation.id in (
      select conversation_id from conversation_members where user_id = ${userId}::uuid))`;
  }
  const isPersonal = sql`${organizationId}::uuid = ${userId}::uuid and conversation.organization_id is null
    and conversation.user_id = ${userId}::uuid`;
  return sql`(conversation.organization_id = ${organizationId}::uuid and ${seen} or ${isPersonal})`;
}

function behind(cursor: string): RawBuilder<unknown> {
  const [, moment, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (moment === undefined || id === undefined) {
    throw new TalksyError('VALIDATION_ERROR', 'cursor must be one that the server gave');
  }
  return sql`(conversation.updated_at, conversation.id)
    < (to_timestamp(0) + ${moment}::bigint * interval '1 microsecond', ${id})`;
}

/** The words are told apart as those of the index were; each may be the beginning of one. */
function holding(text: string): RawBuilder<unknown> {
  const pattern = `%${text.trim().replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const wanted = sql`regexp_replace(plainto_tsquery('simple', ${text})::text, '''( &|$)', ''':*\\1', 'g')::tsquery`;
  return sql`(conversation.title ilike ${pattern} or conversation.id in (
    select conversation_id from messages
    where status <> 'streaming' and to_tsvector('simple', left(content, 50000)) @@ ${wanted}))`;
}
