import { type RawBuilder, sql } from 'kysely';

/** The moment `holdMs` from now, by the database's clock: the only one that all nodes share. */
export const holdUntil = (holdMs: number | RawBuilder<unknown>): RawBuilder<Date> =>
  sql<Date>`now() + ${holdMs}::double precision * interval '1 millisecond'`;
