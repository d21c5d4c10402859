import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RunClaim } from '../../run/run-store.port.js';
import type { ConversationRow } from '../conversation-store/conversation-row.js';
import type { Tables } from '../database/schema.js';
import { StoredStatement } from '../database/stored-statement.js';
import { lockedConversation, messagesOf, placeInTree, runAtPlace } from './claim-parts.js';
import { CLAIM_TYPES, type ClaimPlace, claimPlaceOf, type ClaimSql, claimValues } from './claim-values.js';
import { freeSlot } from './free-slot.js';
import type { RunRow } from './run-row.js';

/**
 * What the claim does not know itself of its run, and what its statement has seen of the conversation: nobody has to ask
 * again before the first token.
 */
export interface ClaimedRow extends Pick<RunRow, 'client_message_id' | 'requested_model' | 'created_at'> {
  /** Messages above the question. */
  depth_above: number;
  /** Null where the conversation is new. */
  conversation: Pick<ConversationRow, 'model' | 'temperature' | 'system_prompt'> | null;
}

const CLAIMED = sql`client_message_id, requested_model, created_at, (select depth from place) as depth_above,
              (select to_jsonb(existing) from existing) as conversation`;

const claimAt = (place: ClaimPlace): StoredStatement<typeof CLAIM_TYPES> =>
  new StoredStatement(`claim_run_${place}`, {
    takes: CLAIM_TYPES,
    returns: {
      client_message_id: 'text',
      requested_model: 'text',
      created_at: 'timestamptz',
      depth_above: 'integer',
      conversation: 'jsonb',
    },
    body: (claim) => claimStatement(claim, place),
  });

/** The claim of a run that begins at once, for each place that it may write to. */
export const CLAIM_RUN = {
  end: claimAt('end'),
  root: claimAt('root'),
  named: claimAt('named'),
  again: claimAt('again'),
} satisfies Record<ClaimPlace, unknown>;

/**
 * Writes conversation, question, empty answer and a running run in one statement, one round trip before the first
 * token. Undefined, and nothing written, where the conversation is missing, somebody else's, or was being created by
 * another claim, and where the run would have to wait. A running run that the statement's snapshot did not show, a slot
 * taken meanwhile or a known client message violates a unique index.
 */
export async function claimRun(db: Kysely<Tables>, claim: RunClaim): Promise<ClaimedRow | undefined> {
  const [row] = await CLAIM_RUN[claimPlaceOf(claim)].execute<ClaimedRow>(db, claimValues(claim));
  return row;
}

/**
 * The conversation is locked first: whoever holds it has the true leaf, although the snapshot may be older. Where the
 * leaf is not the one of the snapshot, another claim came between, and what the snapshot says of the queue is void.
 * Every statement of this store takes its locks in the order conversation, run, message, and several runs by their ids.
 */
function claimStatement(claim: ClaimSql, place: ClaimPlace): RawBuilder<unknown> {
  const columns = { status: sql<string>`'running'`, queuePlace: sql<null>`null`, userSlot: sql<number>`free.number` };
  const admitted = sql`free`;
  return sql`
    with ${lockedConversation(claim)}, admitted as (
      ${freeSlot(claim.userId, claim.runningOfUser)}
    ), free as (
      select number from admitted
      where not exists (
          select from runs where conversation_id = ${claim.conversationId} and status in ('queued', 'running')
        ) and (select active_leaf_id from existing)
              is not distinct from (select active_leaf_id from conversations where id = ${claim.conversationId})
    ), ${placeInTree(claim, place, admitted)}, ${messagesOf(claim, place)}
    ${runAtPlace(claim, place, admitted, columns, CLAIMED)}`;
}
