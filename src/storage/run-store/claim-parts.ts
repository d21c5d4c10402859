import { type RawBuilder, sql } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import { holdUntil } from './hold-until.js';

/** Locks the conversation, if it is the user's: `existing`. */
export const lockedConversation = ({ conversation, userId }: RunClaim): RawBuilder<unknown> => sql`
    existing as (
      select id, active_leaf_id, active_depth from conversations
      where id = ${conversation.id} and user_id = ${userId}::uuid
      for update
    )`;

/** Where the question goes: `place`, empty where the conversation cannot be had or `admitted` selects nothing. */
export const placeInTree = (claim: RunClaim, admitted: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { conversation, userId, assistantMessageId } = claim;
  return sql`
    created as (
      insert into conversations (id, user_id, title, active_leaf_id, active_depth)
      select ${conversation.id}, ${userId}::uuid, ${conversation.title}, ${assistantMessageId}::uuid, 2 from ${admitted}
      where ${conversation.createIfMissing}::boolean and not exists (select from existing)
      on conflict (id) do nothing
      returning id
    ), place as (
      select existing.id, active_leaf_id as leaf_id, active_depth as depth from existing, ${admitted}
      union all
      select id, null, 0 from created
    ), moved as (
      update conversations
      set active_leaf_id = ${assistantMessageId}::uuid, active_depth = conversations.active_depth + 2, updated_at = now()
      from place where conversations.id = place.id
    )`;
};

/** Writes the question and the empty answer. */
export const messagesOf = ({ userMessage, assistantMessageId, userId, runId }: RunClaim): RawBuilder<unknown> => sql`
    written as (
      insert into messages (id, conversation_id, parent_id, depth, role, content, status,
                            user_id, client_message_id, run_id, run_epoch)
      select ${userMessage.id}::uuid, id, leaf_id, depth + 1, 'user', ${userMessage.content}, 'complete',
             ${userId}::uuid, ${userMessage.clientMessageId ?? null}::text, ${runId}::uuid, null::integer from place
      union all
      select ${assistantMessageId}::uuid, id, ${userMessage.id}::uuid, depth + 2, 'assistant', '', 'streaming',
             ${userId}::uuid, null, ${runId}::uuid, 1 from place
    )`;

/** Inserts the run at `place`; the source of `columns` is what `admitted` selects. */
export const runAtPlace = (
  claim: RunClaim,
  admitted: RawBuilder<unknown>,
  columns: { status: RawBuilder<string>; queuePlace: RawBuilder<number | null>; userSlot: RawBuilder<number | null> },
): RawBuilder<unknown> => {
  const { runId, userId, userMessage, assistantMessageId } = claim;
  return sql`
    insert into runs (id, user_id, status, conversation_id, user_message_id, client_message_id, message_id,
                      requested_model, epoch, owner, held_until, queue_place, user_slot)
    select ${runId}::uuid, ${userId}::uuid, ${columns.status}, place.id, ${userMessage.id}::uuid,
           ${userMessage.clientMessageId ?? null}::text, ${assistantMessageId}::uuid,
           ${claim.requestedModel ?? null}::text, 1, ${claim.owner}, ${holdUntil(claim.holdMs)},
           ${columns.queuePlace}, ${columns.userSlot}
    from place, ${admitted}
    returning *`;
};
