import { type RawBuilder, sql } from 'kysely';
import { EDITOR, rankIn } from '../conversation-store/conversation-rank.sql.js';
import type { ClaimPlace, ClaimSql } from './claim-values.js';
import { holdUntil } from './hold-until.js';

/** Locks the conversation, if the user may write to it: `existing`. */
export const lockedConversation = ({ conversationId, userId }: ClaimSql): RawBuilder<unknown> => sql`
    existing as (
      select id, active_leaf_id, active_depth, model, temperature, system_prompt from conversations
      where id = ${conversationId} and ${rankIn('conversations', userId)} >= ${sql.lit(EDITOR)}
      for update
    )`;

/** The message under which the claim writes, and its depth; what it writes is one message deep, or two. */
const spotOf = ({ questionId, parentId }: ClaimSql, place: ClaimPlace): RawBuilder<unknown> => {
  if (place === 'end') return sql`select id, active_leaf_id as leaf_id, active_depth as depth from existing`;
  if (place === 'root') return sql`select id, null::uuid as leaf_id, 0 as depth from existing`;
  const named = place === 'again' ? sql`named.id = ${questionId} and named.role = 'user'` : sql`named.id = ${parentId}`;
  return sql`
    select existing.id, named.id as leaf_id, named.depth from existing
    join messages named on named.conversation_id = existing.id
    where ${named}`;
};

/** How many messages deep the claim writes. */
const depthOf = (place: ClaimPlace): RawBuilder<unknown> => sql.lit(place === 'again' ? 1 : 2);

/**
 * Where the claim writes: `place`, empty where the conversation or the message that it names cannot be had, or
 * `admitted` selects nothing.
 */
export const placeInTree = (claim: ClaimSql, at: ClaimPlace, admitted: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    created as (
      insert into conversations (id, user_id, title, active_leaf_id, active_depth)
      select ${claim.conversationId}, ${claim.userId}, ${claim.title}, ${claim.answerId}, 2 from ${admitted}
      where ${claim.mayCreate} and not exists (select from existing)
      on conflict (id) do nothing
      returning id
    ), place as (
      select spot.* from (${spotOf(claim, at)}) as spot, ${admitted}
      union all
      select id, null, 0 from created
    ), moved as (
      update conversations
      set active_leaf_id = ${claim.answerId}, active_depth = place.depth + ${depthOf(at)}, updated_at = now()
      from place where conversations.id = place.id
    )`;

/** Writes the question, unless it is there, and the empty answer. */
export const messagesOf = (claim: ClaimSql, at: ClaimPlace): RawBuilder<unknown> => {
  const { questionId, answerId, userId, runId } = claim;
  const question = sql`
      select ${questionId}, id, leaf_id, depth + 1, 'user', ${claim.content}, 'complete', ${userId},
             ${claim.clientMessageId}, ${runId}, null::integer, ${claim.input}, ${claim.attachments} from place
      union all`;
  return sql`
    written as (
      insert into messages (id, conversation_id, parent_id, depth, role, content, status,
                            user_id, client_message_id, run_id, run_epoch, input, attachments)
      ${at === 'again' ? sql`` : question}
      select ${answerId}, id, ${questionId}, depth + ${depthOf(at)},
             'assistant', '', 'streaming', ${userId}, null, ${runId}, 1, null::jsonb, null::jsonb from place
    )`;
};

/** Inserts the run at `place`, and returns `returned`; the source of `columns` is what `admitted` selects. */
export const runAtPlace = (
  claim: ClaimSql,
  at: ClaimPlace,
  admitted: RawBuilder<unknown>,
  columns: { status: RawBuilder<string>; queuePlace: RawBuilder<number | null>; userSlot: RawBuilder<number | null> },
  returned = sql`*`,
): RawBuilder<unknown> => {
  const { runId, userId, questionId, answerId } = claim;
  const clientMessageId =
    at === 'again' ? sql`(select client_message_id from messages where id = ${questionId})` : claim.clientMessageId;
  return sql`
    insert into runs (id, user_id, status, conversation_id, user_message_id, client_message_id, message_id,
                      requested_model, tools, has_effects, epoch, owner, held_until, queue_place, user_slot)
    select ${runId}, ${userId}, ${columns.status}, place.id, ${questionId}, ${clientMessageId}, ${answerId},
           coalesce(${claim.requestedModel}, (select model from conversations where id = ${claim.conversationId})),
           ${claim.tools}, false, 1, ${claim.owner}, ${holdUntil(claim.holdMs)}, ${columns.queuePlace}, ${columns.userSlot}
    from place, ${admitted}
    returning ${returned}`;
};
