import { type Kysely, sql } from 'kysely';
import type { Promotion, PromotionWish } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { freeSlot } from './free-slot.js';
import { holdUntil } from './hold-until.js';

interface PromotionRow {
  began: boolean;
  waits: boolean;
  stopped: boolean;
  position: number;
}

/**
 * Lets a queued run begin, in one statement, and tells how it stands. What the statement's snapshot does not show can
 * only be a run that began or a slot that was taken, which violates a unique index, or an end, after which it is tried
 * again; nothing older can join the queue.
 */
export async function promoteRun(
  db: Kysely<Tables>,
  { runId, owner, holdMs, runningOfUser }: PromotionWish,
): Promise<Promotion> {
  const { rows } = await sql<PromotionRow>`
    with place as (
      select conversation.id from runs run join conversations conversation on conversation.id = run.conversation_id
      where run.id = ${runId}::uuid
      for no key update of conversation
    ), candidate as (
      select user_id, conversation_id, queue_place from runs where id = ${runId}::uuid
    ), ahead as (
      select count(*) filter (where run.status = 'running')::integer as running,
             count(*) filter (where run.status = 'queued' and run.stop_requested_at is null
                                and run.queue_place < candidate.queue_place)::integer as older
      from candidate join runs run on run.conversation_id = candidate.conversation_id
      where run.status in ('queued', 'running')
    ), slot as (
      ${freeSlot(sql`(select user_id from candidate)`, sql`${runningOfUser}::integer`)}
    ), begun as (
      update runs set status = 'running', held_until = ${holdUntil(holdMs)}, user_slot = slot.number
      from place, ahead, slot
      where runs.id = ${runId}::uuid and runs.owner = ${owner} and runs.status = 'queued'
        and runs.stop_requested_at is null and ahead.running = 0 and ahead.older = 0
      returning runs.id
    )
    select exists (select from begun) as began, status = 'queued' and owner = ${owner} as waits,
           stop_requested_at is not null as stopped, (select older from ahead) + 1 as position
    from runs where id = ${runId}::uuid
  `.execute(db);
  const [row] = rows;
  const waiting = row?.stopped ? 'stopped' : 'queued';
  return { state: row?.began ? 'running' : row?.waits ? waiting : 'lost', position: row?.position ?? 1 };
}
