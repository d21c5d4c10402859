import { type Kysely, sql } from 'kysely';
import type { ContinuationClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { holdUntil } from './hold-until.js';
import type { RunRow } from './run-row.js';

/**
 * Starts the run that continues an interrupted one, with an empty answer beside the interrupted one, in one statement.
 * Undefined where the run is not interrupted, is continued already, or the conversation went on behind its answer. Only
 * messages that still wait may stand there; they move behind the continuation. A busy conversation violates a unique
 * index, and nothing is written. It may call what the interrupted one was allowed to, and nothing once that had effects.
 */
export async function continueRun(db: Kysely<Tables>, claim: ContinuationClaim): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    with place as (
      select conversation.id, conversation.active_leaf_id
      from runs run join conversations conversation on conversation.id = run.conversation_id
      where run.id = ${claim.interruptedRunId}::uuid
      for update of conversation
    ), interrupted as (
      update runs set continued_by = ${claim.runId}::uuid
      from place
      where runs.id = ${claim.interruptedRunId}::uuid and runs.status = 'interrupted' and runs.continued_by is null
        and (runs.message_id = place.active_leaf_id
             or exists (select from messages question join runs waiting on waiting.user_message_id = question.id
                        where question.parent_id = runs.message_id and waiting.status = 'queued'))
      returning runs.*
    ), written as (
      insert into messages (id, conversation_id, parent_id, depth, role, content, status, user_id, run_id, run_epoch)
      select ${claim.assistantMessageId}::uuid, message.conversation_id, message.parent_id, message.depth, 'assistant',
             '', 'streaming', message.user_id, ${claim.runId}::uuid, 1
      from interrupted join messages message on message.id = interrupted.message_id
    ), moved as (
      update conversations set active_leaf_id = ${claim.assistantMessageId}::uuid, updated_at = now()
      from interrupted
      where conversations.id = interrupted.conversation_id and conversations.active_leaf_id = interrupted.message_id
    ), waiting as (
      update messages question set parent_id = ${claim.assistantMessageId}::uuid
      from interrupted join runs queued on queued.conversation_id = interrupted.conversation_id
      where question.parent_id = interrupted.message_id and queued.user_message_id = question.id
        and queued.status = 'queued'
    )
    insert into runs (id, user_id, status, conversation_id, user_message_id, client_message_id, message_id,
                      requested_model, tools, has_effects, epoch, owner, held_until, continues, recoveries)
    select ${claim.runId}::uuid, user_id, 'running', conversation_id, user_message_id, client_message_id,
           ${claim.assistantMessageId}::uuid, requested_model, case when has_effects then '[]' else tools end,
           false, 1, ${claim.owner}, ${holdUntil(claim.holdMs)}, id, recoveries + 1
    from interrupted
    returning *
  `.execute(db);
  return rows[0];
}
