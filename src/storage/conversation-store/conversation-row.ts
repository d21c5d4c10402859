import type { Selectable } from 'kysely';
import type { Conversation, ConversationSettings } from '../../conversation/conversation.js';
import type { ConversationTable } from '../database/schema.js';

/** A conversation without what only the context of an answer needs. */
export type ConversationRow = Omit<Selectable<ConversationTable>, 'summary' | 'summary_of'>;

/** A conversation as the rest of the house knows it; what a row does not have is absent, not null. */
export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    userId: row.user_id,
    title: row.title ?? undefined,
    activeLeafId: row.active_leaf_id ?? undefined,
    messageCount: row.active_depth,
    ...toSettings(row),
    ...(row.organization_id !== null && { organizationId: row.organization_id }),
    ...(row.project_id !== null && { projectId: row.project_id }),
    ...(row.archived_at !== null && { archivedAt: row.archived_at }),
    ...(row.forked_from !== null && { forkedFrom: row.forked_from }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What its answers are made with; what is not set is absent. */
export function toSettings(
  row: Pick<ConversationRow, 'model' | 'temperature' | 'system_prompt'>,
): ConversationSettings {
  return {
    ...(row.model !== null && { model: row.model }),
    ...(row.temperature !== null && { temperature: row.temperature }),
    ...(row.system_prompt !== null && { systemPrompt: row.system_prompt }),
  };
}
