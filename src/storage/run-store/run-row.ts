import type { Selectable } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import type { Run, StoredRunEnd } from '../../run/run.js';
import type { RunTable } from '../database/schema.js';

export type RunRow = Selectable<RunTable>;

/** A run as the rest of the house knows it; what a row does not have is absent, not null. */
export function toRun(row: RunRow): Run {
  const end = toEnd(row);
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
    ...(row.user_message_id !== null && { userMessageId: row.user_message_id }),
    ...(row.client_message_id !== null && { clientMessageId: row.client_message_id }),
    ...(row.message_id !== null && { messageId: row.message_id }),
    ...(row.requested_model !== null && { requestedModel: row.requested_model }),
    ...(row.tools && { tools: row.tools }),
    ...(row.prompt && { prompt: row.prompt }),
    epoch: row.epoch,
    ...(row.owner !== null && { owner: row.owner }),
    stopRequested: row.stop_requested_at !== null,
    ...(row.queue_place !== null && { wasQueued: true as const }),
    ...(row.continues !== null && { continues: row.continues }),
    ...(row.continued_by !== null && { continuedBy: row.continued_by }),
    recoveries: row.recoveries,
    ...(end && { end }),
    createdAt: row.created_at,
    ...(row.ended_at && { endedAt: row.ended_at }),
  };
}

/** A run that has begun with its claim: the same as `toRun` makes of its row, of which only this is not in the claim. */
export function claimedRun(
  { runId, userId, conversation, userMessage, assistantMessageId, owner, tools }: RunClaim,
  row: Pick<RunRow, 'client_message_id' | 'requested_model' | 'created_at'>,
): Run {
  return {
    id: runId,
    userId,
    status: 'running',
    conversationId: conversation.id,
    userMessageId: userMessage.id,
    ...(row.client_message_id !== null && { clientMessageId: row.client_message_id }),
    messageId: assistantMessageId,
    ...(row.requested_model !== null && { requestedModel: row.requested_model }),
    ...(tools && { tools }),
    epoch: 1,
    owner,
    stopRequested: false,
    recoveries: 0,
    createdAt: row.created_at,
  };
}

/** `finish` writes all of these columns at once, so one of them speaks for the rest. */
function toEnd(row: RunRow): StoredRunEnd | undefined {
  if (row.final_seq === null) return undefined;
  return {
    finalSeq: row.final_seq,
    finishReason: row.finish_reason!,
    provider: row.provider!,
    model: row.model!,
    usage: {
      promptTokens: row.prompt_tokens!,
      completionTokens: row.completion_tokens!,
      totalTokens: row.total_tokens!,
      ...(row.usage_estimated && { estimated: true }),
    },
    ...(row.error && { error: row.error }),
  };
}
