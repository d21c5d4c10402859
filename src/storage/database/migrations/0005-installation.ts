import { type Kysely, sql } from 'kysely';

/** One row that names this database among all others: nodes that share a Redis must share it too. */
export const installation = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('installation')
      .addColumn('id', 'uuid', (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
      .execute();
    await sql`insert into installation default values`.execute(db);
  },
};
