import { type Kysely, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { RunClaim, StatelessClaim } from '../../run/run-store.port.js';
import type { Tables } from '../database/schema.js';

/** About so many letters make a token; history is reserved roughly and settled exactly. */
const UNITS_PER_TOKEN = 3;

/**
 * Takes what a claimed run may use out of the user's day, in the claim's own transaction: the tokens its answer may
 * have. Throws TOKEN_BUDGET_EXCEEDED, with the time to the day's end (UTC), where not even the question fits.
 *
 * The day's row is locked first, so of claims at once each sees what the ones before it took: the second statement of a
 * transaction sees what was committed while the first one waited.
 */
export async function reserveTokens(
  trx: Kysely<Tables>,
  claim: RunClaim | StatelessClaim,
): Promise<number | undefined> {
  const { budget, userId, runId } = claim;
  const conversationId = 'conversation' in claim ? claim.conversation.id : null;
  if (!budget) return undefined;
  await sql`
    insert into token_days (user_id, day) values (${userId}::uuid, (now() at time zone 'utc')::date)
    on conflict (user_id, day) do update set used = token_days.used
  `.execute(trx);
  const { rows } = await sql<{ prompt: number; tokens: number }>`
    with history as (
      select least(coalesce(sum(length(content)), 0) / ${UNITS_PER_TOKEN}::integer, ${budget.contextTokens}::integer) as cost
      from messages where conversation_id = ${conversationId}::text
    ), day as (
      select day, ${budget.limitTokens}::bigint - used - (
        select coalesce(sum(tokens), 0) from token_reservations held
        where held.user_id = token_days.user_id and held.day = token_days.day
      ) as remaining, ${budget.promptTokens}::bigint + history.cost as prompt
      from token_days, history
      where user_id = ${userId}::uuid and day = (now() at time zone 'utc')::date
    ), held as (
      insert into token_reservations (run_id, user_id, day, tokens)
      select ${runId}::uuid, ${userId}::uuid, day, least(remaining, prompt + ${budget.answerTokens}::bigint) from day
      where remaining > prompt
      returning tokens
    )
    select day.prompt::integer as prompt, held.tokens::integer as tokens from day, held
  `.execute(trx);
  const [held] = rows;
  if (!held) throw new TalksyError('TOKEN_BUDGET_EXCEEDED', undefined, { retryAfterMs: await untilTomorrow(trx) });
  return held.tokens - held.prompt;
}

/** Milliseconds to the next day in UTC, by the database's clock. */
async function untilTomorrow(trx: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select ceil(extract(epoch from date_trunc('day', now() at time zone 'utc') + interval '1 day'
      - (now() at time zone 'utc')) * 1000)::integer as ms
  `.execute(trx);
  return rows[0]!.ms;
}
