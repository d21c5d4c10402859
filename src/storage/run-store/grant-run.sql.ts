import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/schema.js';
import { holdUntil } from './hold-until.js';

/**
 * Gives a run's next epoch to a new owner, and fences its message against the old one, in one statement. Undefined
 * where the run has ended, has another epoch, or is held.
 */
export async function grantRun(
  db: Kysely<Tables>,
  { runId, epoch, owner, holdMs }: { runId: string; epoch: number; owner: string; holdMs: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ epoch: number }>`
    with granted as (
      update runs set epoch = epoch + 1, owner = ${owner}, held_until = ${holdUntil(holdMs)}
      where id = ${runId}::uuid and epoch = ${epoch}::integer and status in ('queued', 'running')
        and (held_until is null or held_until <= now())
      returning epoch, message_id
    ), fenced as (
      update messages set run_epoch = granted.epoch from granted where messages.id = granted.message_id
    )
    select epoch from granted
  `.execute(db);
  return rows[0]?.epoch;
}
