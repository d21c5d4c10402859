import { type Kysely, sql } from 'kysely';
import type { StatelessClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { holdUntil } from './hold-until.js';
import type { RunRow } from './run-row.js';

/** Writes a run that belongs to no conversation. */
export async function claimStateless(db: Kysely<Tables>, claim: StatelessClaim): Promise<RunRow> {
  const { rows } = await sql<RunRow>`
    insert into runs (id, user_id, status, requested_model, epoch, owner, held_until, prompt, tools, has_effects)
    values (${claim.runId}::uuid, ${claim.userId}::uuid, 'running', ${claim.requestedModel ?? null}::text, 1,
            ${claim.owner}, ${holdUntil(claim.holdMs)}, ${JSON.stringify(claim.prompt)}::jsonb,
            ${JSON.stringify(claim.tools)}::jsonb, false)
    returning *
  `.execute(db);
  return rows[0]!;
}
