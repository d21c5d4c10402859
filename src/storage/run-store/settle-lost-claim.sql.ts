import { type Kysely, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { RunClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import type { RunRow } from './run-row.js';

const BUSY_RETRY_MS = 1000;

interface Circumstances {
  user_id: string | null;
  busy: boolean;
}

/**
 * Finds out why a claim wrote nothing. Returns the run that the same message started before; throws CONFLICT,
 * CONVERSATION_NOT_FOUND or RUN_IN_PROGRESS; undefined where the reason has passed and the claim may be tried again.
 */
export async function settleLostClaim(db: Kysely<Tables>, claim: RunClaim): Promise<RunRow | undefined> {
  const first = await findFirstRun(db, claim);
  if (first) return first;
  const { rows } = await sql<Circumstances>`
    select (select user_id from conversations where id = ${claim.conversation.id}) as user_id,
           exists (select from runs where conversation_id = ${claim.conversation.id} and status = 'running') as busy
  `.execute(db);
  const { user_id: owner, busy } = rows[0]!;
  const isMissing = owner === null && !claim.conversation.createIfMissing;
  if (isMissing || (owner !== null && owner !== claim.userId)) throw new TalksyError('CONVERSATION_NOT_FOUND');
  if (busy) throw new TalksyError('RUN_IN_PROGRESS', undefined, { retryAfterMs: BUSY_RETRY_MS });
  return undefined;
}

/**
 * A session makes up the id of a new conversation anew for each attempt, so where it may be created only the content
 * tells whether it is the same message.
 */
async function findFirstRun(db: Kysely<Tables>, claim: RunClaim): Promise<RunRow | undefined> {
  const { clientMessageId, content } = claim.userMessage;
  if (clientMessageId === undefined) return undefined;
  const first = await db
    .selectFrom('messages as message')
    .innerJoin('runs as run', 'run.id', 'message.run_id')
    .selectAll('run')
    .select('message.content')
    .where('message.user_id', '=', claim.userId)
    .where('message.client_message_id', '=', clientMessageId)
    .executeTakeFirst();
  if (!first) return undefined;
  const isSamePlace = claim.conversation.createIfMissing || first.conversation_id === claim.conversation.id;
  if (first.content === content && isSamePlace) return first;
  throw new TalksyError('CONFLICT', 'This messageId was used before, for another message.');
}
