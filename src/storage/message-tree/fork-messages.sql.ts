import { type Kysely, sql } from 'kysely';
import { newRowId } from '../../common/ids.js';
import type { Fork } from '../../conversation/message-tree.port.js';
import type { Tables } from '../database/schema.js';
import { storableText } from '../run-store/storable-text.js';

/**
 * Copies the path to a message into a new conversation, within a transaction. The ids are made here, in the order of
 * the path, and meet their messages by depth. False where the message is gone.
 */
export async function forkMessages(transaction: Kysely<Tables>, fork: Fork): Promise<boolean> {
  const { id, userId, title, messageId, content } = fork;
  const last = await transaction
    .selectFrom('messages')
    .select(['depth', 'conversation_id'])
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (!last) return false;
  const ids = Array.from({ length: last.depth }, () => newRowId());
  await sql`
    insert into conversations (id, user_id, title, system_prompt, model, temperature, active_leaf_id, active_depth, forked_from)
    select ${id}, ${userId}::uuid, ${title}, system_prompt, model, temperature, ${ids.at(-1)!}::uuid,
           ${last.depth}::integer, id
    from conversations where id = ${last.conversation_id}
  `.execute(transaction);
  await sql`
    with recursive path as (
      select message.* from messages message where message.id = ${messageId}::uuid
      union all
      select message.* from path join messages message on message.id = path.parent_id
    ), place as (
      select id::uuid, depth::integer from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)
      with ordinality as place (id, depth)
    )
    insert into messages (id, conversation_id, parent_id, depth, role, content, status, user_id, finish_reason,
                          provider, model, prompt_tokens, completion_tokens, total_tokens, usage_estimated, input,
                          attachments, calls)
    select place.id, ${id}, parent.id, path.depth, path.role,
           case when path.id = ${messageId}::uuid and ${content !== undefined}::boolean
             then ${storableText(content ?? '')} else path.content end,
           case when path.status = 'streaming' or (path.id = ${messageId}::uuid and ${content !== undefined}::boolean)
             then 'interrupted' else path.status end,
           ${userId}::uuid, path.finish_reason, path.provider, path.model, path.prompt_tokens, path.completion_tokens,
           path.total_tokens, path.usage_estimated, path.input - 'echo', path.attachments, path.calls
    from path join place on place.depth = path.depth left join place parent on parent.depth = path.depth - 1
  `.execute(transaction);
  return true;
}
