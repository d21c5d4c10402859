import { type Kysely, type RawBuilder, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { RunClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';
import { EDITOR, rankIn } from '../conversation-store/conversation-rank.sql.js';
import type { RunRow } from './run-row.js';

const BUSY_RETRY_MS = 1000;
const CONVERSATION_BUSY = 'This conversation is still being answered; wait for the end or stop it.';
const USER_BUSY = 'As many of your messages as allowed are being answered; wait for an end or stop one.';
const QUEUE_FULL = 'As many messages as allowed are waiting in this conversation; wait for an answer or stop one.';

const READ_ONLY = 'You may read this conversation, but not write to it.';
const NO_SUCH_MESSAGE = 'There is no such message in this conversation.';

interface Circumstances {
  /** Null where there is no such conversation. */
  rank: number | null;
  is_named_missing: boolean;
  running: number;
  queued: number;
  of_user: number;
}

/**
 * Finds out why a claim wrote nothing. Returns the run that the same message started before; throws CONFLICT,
 * CONVERSATION_NOT_FOUND, FORBIDDEN, NOT_FOUND or RUN_IN_PROGRESS; undefined where the reason has passed and the claim may be tried again.
 */
export async function settleLostClaim(db: Kysely<Tables>, claim: RunClaim): Promise<RunRow | undefined> {
  const first = await findFirstRun(db, claim);
  if (first) return first;
  const { rows } = await sql<Circumstances>`
    select (select ${rankIn('conversation', claim.userId)} from conversations conversation
            where conversation.id = ${claim.conversation.id}) as rank,
           ${isNamedMissing(claim)} as is_named_missing,
           count(*) filter (where status = 'running')::integer as running,
           count(*) filter (where status = 'queued' and stop_requested_at is null)::integer as queued,
           (select count(user_slot) from runs
            where user_id = ${claim.userId}::uuid and status = 'running')::integer as of_user
    from runs where conversation_id = ${claim.conversation.id} and status in ('queued', 'running')
  `.execute(db);
  const { rank, is_named_missing: isMissing, ...load } = rows[0]!;
  if (rank === 0 || (rank === null && (isMissing || !claim.conversation.createIfMissing))) {
    throw new TalksyError('CONVERSATION_NOT_FOUND');
  }
  if (rank !== null && rank < EDITOR) throw new TalksyError('FORBIDDEN', READ_ONLY);
  if (isMissing) throw new TalksyError('NOT_FOUND', NO_SUCH_MESSAGE);
  const refusal = refusalOf(load, claim);
  if (refusal) throw new TalksyError('RUN_IN_PROGRESS', refusal, { retryAfterMs: BUSY_RETRY_MS });
  return undefined;
}

/** Whether the message under which the claim would write is not there; a question must be one. */
function isNamedMissing({ conversation, userMessage, isRegenerated = false }: RunClaim): RawBuilder<boolean> {
  const named = isRegenerated ? userMessage.id : userMessage.parentId;
  if (!named) return sql`false`;
  return sql`not exists (
    select from messages where id = ${named}::uuid and conversation_id = ${conversation.id}
      and (role = 'user' or not ${isRegenerated}::boolean))`;
}

function refusalOf(
  { running, queued, of_user }: Omit<Circumstances, 'rank' | 'is_named_missing'>,
  claim: RunClaim,
): string | undefined {
  const { queuedInConversation, runningOfUser } = claim.limits;
  const isBusy = running + queued > 0;
  const isOverLimit = of_user >= runningOfUser;
  if (claim.whenBusy === 'interrupt' || (!isBusy && !isOverLimit)) return undefined;
  if (claim.whenBusy === 'reject') return isBusy ? CONVERSATION_BUSY : USER_BUSY;
  return queued >= queuedInConversation ? QUEUE_FULL : undefined;
}

/**
 * A session makes up the id of a new conversation anew for each attempt, so where it may be created only the content
 * tells whether it is the same message.
 */
async function findFirstRun(db: Kysely<Tables>, claim: RunClaim): Promise<RunRow | undefined> {
  const { clientMessageId, content, input } = claim.userMessage;
  const items = input?.items ? JSON.stringify(input.items) : null;
  if (clientMessageId === undefined) return undefined;
  const first = await db
    .selectFrom('messages as message')
    .innerJoin('runs as run', 'run.id', 'message.run_id')
    .selectAll('run')
    .select([
      'message.content',
      sql<boolean>`message.input->'items' is not distinct from ${items}::jsonb`.as('same_items'),
    ])
    .where('message.user_id', '=', claim.userId)
    .where('message.client_message_id', '=', clientMessageId)
    .executeTakeFirst();
  if (!first) return undefined;
  const isSamePlace = claim.conversation.createIfMissing || first.conversation_id === claim.conversation.id;
  if (first.content === content && first.same_items && isSamePlace) return first;
  throw new TalksyError('CONFLICT', 'This messageId was used before, for another message.');
}
