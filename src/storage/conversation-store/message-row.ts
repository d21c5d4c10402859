import type { Selectable } from 'kysely';
import type { TokenUsage } from '../../common/token-usage.js';
import type { Message } from '../../conversation/message.js';
import type { MessageTable } from '../database/schema.js';

/** A message without the columns that only checkpoints and resumes need. */
export type MessageRow = Omit<
  Selectable<MessageTable>,
  'chunk_ends' | 'input' | 'calls' | 'run_epoch' | 'user_id' | 'updated_at'
>;

/** The columns of a MessageRow, each behind the table's name where one is given. */
export const MESSAGE_COLUMNS = [
  'id',
  'conversation_id',
  'parent_id',
  'depth',
  'role',
  'content',
  'status',
  'client_message_id',
  'run_id',
  'finish_reason',
  'provider',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'usage_estimated',
  'attachments',
  'created_at',
] as const;

/** A message as the rest of the house knows it; what a row does not have is absent, not null. */
export function toMessage(row: MessageRow): Message {
  const usage = toUsage(row);
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id ?? undefined,
    role: row.role,
    content: row.content,
    status: row.status,
    depth: row.depth,
    createdAt: row.created_at,
    ...(row.client_message_id !== null && { clientMessageId: row.client_message_id }),
    ...(row.role === 'assistant' && row.run_id !== null && { runId: row.run_id }),
    ...(row.finish_reason !== null && { finishReason: row.finish_reason }),
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.model !== null && { model: row.model }),
    ...(usage && { usage }),
    ...(row.attachments && { attachments: row.attachments }),
  };
}

type UsageColumns = Pick<MessageRow, 'prompt_tokens' | 'completion_tokens' | 'total_tokens' | 'usage_estimated'>;

function toUsage(row: UsageColumns): TokenUsage | undefined {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = row;
  if (prompt === null || completion === null || total === null) return undefined;
  const usage: TokenUsage = { promptTokens: prompt, completionTokens: completion, totalTokens: total };
  return row.usage_estimated ? { ...usage, estimated: true } : usage;
}
