import { type Kysely, sql } from 'kysely';
import { HISTORY_PATH } from '../conversation-store/message-path.sql.js';
import { CLAIM_RUN } from '../run-store/claim-run.sql.js';
import { FINISH_RUN } from '../run-store/write-answers.sql.js';
import type { Tables } from './schema.js';

type Kept = Readonly<{ name: string; definition: string }>;

/** Any number, as long as no other lock of this database has it. */
const LOCK = 7_216_350_941;
/** What every turn does. */
const KEPT: readonly Kept[] = [...Object.values(CLAIM_RUN), FINISH_RUN, HISTORY_PATH];

/**
 * Makes the functions that the database does not have yet. Safe when several nodes start together. Those of other
 * versions stay: a node of that version may be serving.
 */
export async function keepStatements(db: Kysely<Tables>, kept = KEPT): Promise<void> {
  const names = sql.join(kept.map(({ name }) => name));
  const { rows } = await sql<{ name: string }>`
    select proname as name from pg_proc where pronamespace = current_schema()::regnamespace and proname in (${names})
  `.execute(db);
  const known = new Set(rows.map(({ name }) => name));
  const missing = kept.filter(({ name }) => !known.has(name));
  if (missing.length === 0) return;
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(transaction);
    for (const { definition } of missing) await sql.raw(definition).execute(transaction);
  });
}
