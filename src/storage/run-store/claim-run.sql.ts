import { type Kysely, sql } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { holdUntil } from './hold-until.js';
import type { RunRow } from './run-row.js';

/**
 * Writes conversation, question, empty answer and run in one statement, one round trip before the first token.
 * Undefined where the conversation is missing or somebody else's, or was being created by another claim. A running run
 * or a known client message violates a unique index, and nothing is written.
 *
 * The conversation is locked first: whoever holds it has the true leaf, although the statement's snapshot may be older.
 * Every statement of this store takes its locks in the order conversation, run, message.
 */
export async function claimRun(db: Kysely<Tables>, claim: RunClaim): Promise<RunRow | undefined> {
  const { conversation, userMessage, userId, runId, assistantMessageId } = claim;
  const clientMessageId = userMessage.clientMessageId ?? null;
  const { rows } = await sql<RunRow>`
    with existing as (
      select id, active_leaf_id, active_depth from conversations
      where id = ${conversation.id} and user_id = ${userId}::uuid
      for update
    ), created as (
      insert into conversations (id, user_id, title, active_leaf_id, active_depth)
      select ${conversation.id}, ${userId}::uuid, ${conversation.title}, ${assistantMessageId}::uuid, 2
      where ${conversation.createIfMissing}::boolean and not exists (select from existing)
      on conflict (id) do nothing
      returning id
    ), place as (
      select id, active_leaf_id as leaf_id, active_depth as depth from existing
      union all
      select id, null, 0 from created
    ), moved as (
      update conversations
      set active_leaf_id = ${assistantMessageId}::uuid, active_depth = conversations.active_depth + 2, updated_at = now()
      from existing where conversations.id = existing.id
    ), written as (
      insert into messages (id, conversation_id, parent_id, depth, role, content, status,
                            user_id, client_message_id, run_id, run_epoch)
      select ${userMessage.id}::uuid, id, leaf_id, depth + 1, 'user', ${userMessage.content}, 'complete',
             ${userId}::uuid, ${clientMessageId}::text, ${runId}::uuid, null::integer from place
      union all
      select ${assistantMessageId}::uuid, id, ${userMessage.id}::uuid, depth + 2, 'assistant', '', 'streaming',
             ${userId}::uuid, null, ${runId}::uuid, 1 from place
    )
    insert into runs (id, user_id, status, conversation_id, user_message_id, client_message_id, message_id,
                      requested_model, epoch, owner, held_until)
    select ${runId}::uuid, ${userId}::uuid, 'running', id, ${userMessage.id}::uuid, ${clientMessageId}::text,
           ${assistantMessageId}::uuid, ${claim.requestedModel ?? null}::text, 1, ${claim.owner}, ${holdUntil(claim.holdMs)}
    from place
    returning *
  `.execute(db);
  return rows[0];
}
