import { type RawBuilder, sql } from 'kysely';

/**
 * Selects one free place among the user's running runs as `number`, or nothing where all `limit` are taken. Any of
 * them, so that claims at the same moment seldom want the same; where they do, the unique index lets one have it.
 */
export const freeSlot = (userId: RawBuilder<unknown>, limit: RawBuilder<unknown>): RawBuilder<unknown> => sql`
      select number from generate_series(1, ${limit}) as number
      where not exists (select from runs where user_id = ${userId} and status = 'running' and user_slot = number)
      order by random() limit 1`;
