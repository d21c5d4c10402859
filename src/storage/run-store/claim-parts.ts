import { type RawBuilder, sql } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import { EDITOR, rankIn } from '../conversation-store/conversation-rank.sql.js';
import { holdUntil } from './hold-until.js';

/** Locks the conversation, if the user may write to it: `existing`. */
export const lockedConversation = ({ conversation, userId }: RunClaim): RawBuilder<unknown> => sql`
    existing as (
      select id, active_leaf_id, active_depth, model, temperature, system_prompt from conversations
      where id = ${conversation.id} and ${rankIn('conversations', userId)} >= ${EDITOR}::integer
      for update
    )`;

/** The message under which the claim writes, and its depth; what it writes is one message deep, or two. */
const spotOf = ({ userMessage: { id, parentId }, isRegenerated }: RunClaim): RawBuilder<unknown> => {
  const named = isRegenerated ? id : parentId;
  if (named === undefined) return sql`select id, active_leaf_id as leaf_id, active_depth as depth from existing`;
  if (named === null) return sql`select id, null::uuid as leaf_id, 0 as depth from existing`;
  return sql`
    select existing.id, named.id as leaf_id, named.depth from existing
    join messages named on named.conversation_id = existing.id
    where named.id = ${named}::uuid and (named.role = 'user' or not ${isRegenerated ?? false}::boolean)`;
};

/**
 * Where the claim writes: `place`, empty where the conversation or the message that it names cannot be had, or
 * `admitted` selects nothing.
 */
export const placeInTree = (claim: RunClaim, admitted: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { conversation, userId, userMessage, assistantMessageId, isRegenerated } = claim;
  const isNewPossible = conversation.createIfMissing && !userMessage.parentId && !isRegenerated;
  return sql`
    created as (
      insert into conversations (id, user_id, title, active_leaf_id, active_depth)
      select ${conversation.id}, ${userId}::uuid, ${conversation.title}, ${assistantMessageId}::uuid, 2 from ${admitted}
      where ${isNewPossible}::boolean and not exists (select from existing)
      on conflict (id) do nothing
      returning id
    ), place as (
      select spot.* from (${spotOf(claim)}) as spot, ${admitted}
      union all
      select id, null, 0 from created
    ), moved as (
      update conversations
      set active_leaf_id = ${assistantMessageId}::uuid, active_depth = place.depth + ${isRegenerated ? 1 : 2}::integer,
          updated_at = now()
      from place where conversations.id = place.id
    )`;
};

const jsonOf = (value: object | undefined): RawBuilder<unknown> =>
  sql`${value === undefined ? null : JSON.stringify(value)}::jsonb`;

/** Writes the question, unless it is there, and the empty answer. */
export const messagesOf = (claim: RunClaim): RawBuilder<unknown> => {
  const { userMessage, assistantMessageId, userId, runId, isRegenerated } = claim;
  const question = sql`
      select ${userMessage.id}::uuid, id, leaf_id, depth + 1, 'user', ${userMessage.content}, 'complete',
             ${userId}::uuid, ${userMessage.clientMessageId ?? null}::text, ${runId}::uuid, null::integer,
             ${jsonOf(userMessage.input)}, ${jsonOf(userMessage.input?.attachments)} from place
      union all`;
  return sql`
    written as (
      insert into messages (id, conversation_id, parent_id, depth, role, content, status,
                            user_id, client_message_id, run_id, run_epoch, input, attachments)
      ${isRegenerated ? sql`` : question}
      select ${assistantMessageId}::uuid, id, ${userMessage.id}::uuid, depth + ${isRegenerated ? 1 : 2}::integer,
             'assistant', '', 'streaming', ${userId}::uuid, null, ${runId}::uuid, 1, null::jsonb, null::jsonb from place
    )`;
};

/** Inserts the run at `place`, and returns `returned`; the source of `columns` is what `admitted` selects. */
export const runAtPlace = (
  claim: RunClaim,
  admitted: RawBuilder<unknown>,
  columns: { status: RawBuilder<string>; queuePlace: RawBuilder<number | null>; userSlot: RawBuilder<number | null> },
  returned = sql`*`,
): RawBuilder<unknown> => {
  const { runId, userId, userMessage, assistantMessageId, isRegenerated } = claim;
  const clientMessageId = isRegenerated
    ? sql`(select client_message_id from messages where id = ${userMessage.id}::uuid)`
    : sql`${userMessage.clientMessageId ?? null}::text`;
  return sql`
    insert into runs (id, user_id, status, conversation_id, user_message_id, client_message_id, message_id,
                      requested_model, epoch, owner, held_until, queue_place, user_slot)
    select ${runId}::uuid, ${userId}::uuid, ${columns.status}, place.id, ${userMessage.id}::uuid,
           ${clientMessageId}, ${assistantMessageId}::uuid,
           coalesce(${claim.requestedModel ?? null}::text,
                    (select model from conversations where id = ${claim.conversation.id})), 1, ${claim.owner}, ${holdUntil(claim.holdMs)},
           ${columns.queuePlace}, ${columns.userSlot}
    from place, ${admitted}
    returning ${returned}`;
};
