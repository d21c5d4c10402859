import { type RawBuilder, sql } from 'kysely';
import type { ConversationRole } from '../../conversation/conversation.js';

/** Higher ranks may do what lower ones may; 0 is nobody. */
export const VIEWER = 1;
export const EDITOR = 2;
const ROLES: readonly ConversationRole[] = ['viewer', 'editor', 'owner'];

/** The role of a rank; undefined for nobody. */
export const roleOfRank = (rank: number): ConversationRole | undefined => ROLES[rank - 1];

/**
 * The rank that a user has in the conversation of a row: as its owner, its member, or a member of its organization or
 * project, whichever is highest. `conversation` is the name that the row has in the statement. For the owner nothing
 * but the row is read.
 */
export const rankIn = (conversation: string, userId: string | RawBuilder<unknown>): RawBuilder<number> => {
  const column = (name: string): RawBuilder<unknown> => sql.ref(`${conversation}.${name}`);
  const rank = sql`case role when 'viewer' then 1 when 'editor' then 2 else 3 end`;
  return sql<number>`(case when ${column('user_id')} = ${userId}::uuid then 3 else (
    select coalesce(max(rank), 0)::integer from (
      select ${rank} as rank from conversation_members
      where conversation_id = ${column('id')} and user_id = ${userId}::uuid
      union all
      select ${rank} from organization_members
      where organization_id = ${column('organization_id')} and user_id = ${userId}::uuid
      union all
      select ${rank} from project_members
      where project_id = ${column('project_id')} and user_id = ${userId}::uuid
    ) as ranks
  ) end)`;
};
