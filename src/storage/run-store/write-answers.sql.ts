import { type Kysely, sql } from 'kysely';
import type { Message } from '../../conversation/message.js';
import type { Checkpoint, RunOutcome } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { StoredStatement } from '../database/stored-statement.js';
import { storableText } from './storable-text.js';

const MESSAGE_STATUS: Record<RunOutcome['status'], Message['status']> = {
  completed: 'complete',
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'interrupted',
};

/**
 * Keeps the texts of running answers, all in one statement. Epoch and status are those of the message itself: a row
 * that another transaction changed meanwhile is judged by its newest version, a joined one would not be.
 */
export async function checkpointAnswers(
  db: Kysely<Tables>,
  checkpoints: readonly Checkpoint[],
): Promise<ReadonlySet<string>> {
  const texts = checkpoints.map(({ runId, epoch, behind, content, chunkEnds }) => ({
    run_id: runId,
    epoch,
    behind,
    content: storableText(content),
    chunk_ends: chunkEnds,
  }));
  const { rows } = await sql<{ run_id: string }>`
    update messages message set updated_at = now(),
      content = case saved.behind when 0 then saved.content else message.content || saved.content end,
      chunk_ends = case saved.behind when 0 then saved.chunk_ends else message.chunk_ends || saved.chunk_ends end
    from jsonb_to_recordset(${JSON.stringify(texts)}::jsonb)
           as saved (run_id uuid, epoch integer, behind integer, content text, chunk_ends jsonb)
         join runs run on run.id = saved.run_id
    where message.id = run.message_id and message.run_epoch = saved.epoch and message.status = 'streaming'
      and (saved.behind = 0 or jsonb_array_length(message.chunk_ends) = saved.behind)
    returning saved.run_id
  `.execute(db);
  return new Set(rows.map(({ run_id: runId }) => runId));
}

/** Ends a run and writes its answer, in one statement; its one row is the run, if the epoch is not outdated. */
export const FINISH_RUN = new StoredStatement('finish_run', {
  takes: {
    runId: 'uuid',
    epoch: 'integer',
    status: 'text',
    finalSeq: 'integer',
    finishReason: 'text',
    provider: 'text',
    model: 'text',
    promptTokens: 'integer',
    completionTokens: 'integer',
    totalTokens: 'integer',
    estimated: 'boolean',
    error: 'jsonb',
    messageStatus: 'text',
    content: 'text',
    chunkEnds: 'jsonb',
    calls: 'jsonb',
  },
  returns: { id: 'uuid' },
  body: (end) => sql`
    with place as (
      select conversation.id from runs run join conversations conversation on conversation.id = run.conversation_id
      where run.id = ${end.runId}
      for no key update of conversation
    ), ended as (
      update runs set status = ${end.status}, ended_at = now(), held_until = null, prompt = null,
        final_seq = ${end.finalSeq}, finish_reason = ${end.finishReason}, provider = ${end.provider}, model = ${end.model},
        prompt_tokens = ${end.promptTokens}, completion_tokens = ${end.completionTokens},
        total_tokens = ${end.totalTokens}, usage_estimated = ${end.estimated}, error = ${end.error}
      where id = ${end.runId} and epoch = ${end.epoch} and status in ('queued', 'running')
        and (conversation_id is null or exists (select from place))
      returning *
    ), answered as (
      update messages message set content = ${end.content}, status = ${end.messageStatus},
        chunk_ends = ${end.chunkEnds}, updated_at = now(), calls = ${end.calls},
        finish_reason = ended.finish_reason, provider = ended.provider, model = ended.model,
        prompt_tokens = ended.prompt_tokens, completion_tokens = ended.completion_tokens,
        total_tokens = ended.total_tokens, usage_estimated = ended.usage_estimated
      from ended where message.id = ended.message_id
    ), settled as (
      delete from token_reservations held using ended where held.run_id = ended.id returning held.day
    ), accounted as (
      update token_days set used = token_days.used + ended.total_tokens
      from ended left join settled on true
      where token_days.user_id = ended.user_id
        and token_days.day = coalesce(settled.day, (now() at time zone 'utc')::date)
    ), touched as (
      update conversations set updated_at = now() from ended where conversations.id = ended.conversation_id
    )
    select id from ended`,
});

/** Ends a run and writes its answer. False where the epoch is outdated or the run has ended. */
export async function finishRun(db: Kysely<Tables>, outcome: RunOutcome): Promise<boolean> {
  const { status, end, runId, epoch, calls } = outcome;
  const { promptTokens, completionTokens, totalTokens, estimated = false } = end.usage;
  const { finalSeq, finishReason, provider, model } = end;
  const rows = await FINISH_RUN.execute(db, {
    ...{ runId, epoch, status, finalSeq, finishReason, provider, model },
    ...{ promptTokens, completionTokens, totalTokens, estimated },
    error: end.error ? JSON.stringify(end.error) : null,
    messageStatus: MESSAGE_STATUS[status],
    content: storableText(outcome.content),
    chunkEnds: JSON.stringify(outcome.chunkEnds),
    calls: calls?.length ? JSON.stringify(calls) : null,
  });
  return rows.length === 1;
}
