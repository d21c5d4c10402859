import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import { within } from './connection-lost.js';
import type { Tables } from './schema.js';
import { toStoreError } from './store-errors.js';

export type DatabaseAdapter = 'pglite' | 'postgres';

/** Under the 3 s after which a store must have said STORE_UNAVAILABLE. */
const ANSWER_LIMIT_MS = 2800;

/** The one way to the tables; the same SQL on the embedded PostgreSQL and on a server. */
export class Database {
  private readonly db: Kysely<Tables>;

  constructor(
    readonly adapter: DatabaseAdapter,
    private readonly pool: PostgresPool,
  ) {
    this.db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }

  /**
   * Does a piece of work; rejects with a TalksyError for everything that is no bug, at the latest after 2.8 s. Work
   * that was given up may still happen, so it must be safe to do again.
   */
  async run<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      return await within(ANSWER_LIMIT_MS, work(this.db));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.run((db) => sql`select 1`.execute(db));
  }

  /** Waits for work that has its connection; afterwards everything rejects with STORE_UNAVAILABLE. */
  async close(): Promise<void> {
    await this.pool.end();
  }
}
