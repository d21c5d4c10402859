import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { parametersOf } from '../database/stored-statement.js';
import { lockedConversation, messagesOf, placeInTree, runAtPlace } from './claim-parts.js';
import { CLAIM_TYPES, claimPlaceOf, type ClaimSql, claimValues } from './claim-values.js';
import { freeSlot } from './free-slot.js';
import type { RunRow } from './run-row.js';

/** A claim that was written though it may have to wait. */
export interface QueuedRow extends RunRow {
  position: number | null;
  interrupted: readonly string[];
}

/**
 * Claims a run that may have to wait, within a transaction. The conversation is locked beforehand, so that what the claim's statement then
 * sees of its queue is the truth. Undefined, and nothing written, where the queue is full or the run must not wait, and
 * for the reasons that `claimRun` has.
 */
export async function queueRun(transaction: Kysely<Tables>, claim: RunClaim): Promise<QueuedRow | undefined> {
  const values = parametersOf(CLAIM_TYPES, claimValues(claim));
  const place = claimPlaceOf(claim);
  const admitted = sql`verdict`;
  const columns = {
    status: sql<string>`verdict.status`,
    queuePlace: sql<number | null>`case verdict.status when 'queued' then verdict.place end`,
    userSlot: sql<number | null>`case verdict.status when 'running' then verdict.slot end`,
  };
  await sql`select from conversations where id = ${claim.conversation.id} for update`.execute(transaction);
  const { rows } = await sql<QueuedRow>`
    with ${lockedConversation(values)}, ${verdictOn(claim, values)}, ${placeInTree(values, place, admitted)},
      ${interruptionOf(claim)}, ${messagesOf(values, place)},
      claimed as (${runAtPlace(values, place, admitted, columns)})
    select claimed.*, case claimed.status when 'queued' then verdict.position end as position,
           (select coalesce(jsonb_agg(id), '[]') from interrupted) as interrupted
    from claimed, verdict
  `.execute(transaction);
  return rows[0];
}

/** What becomes of the claim: `verdict`, empty where it is refused. */
function verdictOn(
  { limits, whenBusy }: RunClaim,
  { conversationId, userId, runningOfUser }: ClaimSql,
): RawBuilder<unknown> {
  const interrupts = whenBusy === 'interrupt';
  const room = interrupts ? sql`true` : sql`ahead.queued < ${limits.queuedInConversation}::integer`;
  return sql`
    ahead as (
      select count(*) filter (where status = 'running')::integer as running,
             count(*) filter (where status = 'queued' and stop_requested_at is null)::integer as queued,
             coalesce(max(queue_place) filter (where status = 'queued'), 0) as last_place
      from runs where conversation_id = ${conversationId} and status in ('queued', 'running')
    ), slot as (
      ${freeSlot(userId, runningOfUser)}
    ), chance as (
      select case when ahead.running = 0 and ahead.queued = 0 and slot.number is not null then 'running'
                  when ${whenBusy !== 'reject'}::boolean and ${room} then 'queued' end as status,
             ahead.last_place + 1 as place, case when ${interrupts}::boolean then 1 else ahead.queued + 1 end as position,
             slot.number as slot
      from ahead left join slot on true
    ), verdict as (
      select * from chance where status is not null
    )`;
}

/** Asks what runs and what waits to stop; this claim then comes next. */
function interruptionOf({ whenBusy }: RunClaim): RawBuilder<unknown> {
  return sql`
    interrupted as (
      update runs set stop_requested_at = now()
      from (
        select run.id from runs run, existing, verdict
        where ${whenBusy === 'interrupt'}::boolean and run.conversation_id = existing.id
          and run.status in ('queued', 'running') and run.stop_requested_at is null
        order by run.id for no key update of run
      ) as target
      where runs.id = target.id
      returning runs.id
    )`;
}
