import { type Kysely, sql } from 'kysely';
import { onEachDatabase } from '../../../test/support/test-database.js';
import { keepStatements } from './keep-statements.js';
import type { Tables } from './schema.js';
import { StoredStatement } from './stored-statement.js';

const TAKES = { name: 'text', times: 'integer', note: 'jsonb', isLoud: 'boolean' } as const;
const greeting = (ending: string): StoredStatement<typeof TAKES> =>
  new StoredStatement('greet', {
    takes: TAKES,
    returns: { greeting: 'text', note: 'jsonb' },
    body: ({ name, times, note, isLoud }) => sql`
      select repeat(case when ${isLoud} then upper(${name}) else ${name} end || ${sql.lit(ending)}, ${times}), ${note}`,
  });

interface Greeting {
  greeting: string;
  note: unknown;
}

const functionsLike = async (db: Kysely<Tables>, prefix: string): Promise<string[]> => {
  const { rows } = await sql<{ proname: string }>`
    select proname from pg_proc where proname like ${`${prefix}%`} order by proname`.execute(db);
  return rows.map(({ proname }) => proname);
};

describe('a statement that the database keeps', () => {
  onEachDatabase((database) => {
    it('takes values of every type, null too, and gives rows', async () => {
      const greet = greeting('!');
      const rows = await database().run(async (db) => {
        await keepStatements(db, [greet]);
        return Promise.all([
          greet.execute<Greeting>(db, { name: 'ann', times: 2, note: '{"a":[1]}', isLoud: true }),
          greet.execute<Greeting>(db, { name: "o'neil $body$", times: 1, note: null, isLoud: false }),
        ]);
      });
      expect(rows).toEqual([
        [{ greeting: 'ANN!ANN!', note: { a: [1] } }],
        [{ greeting: "o'neil $body$!", note: null }],
      ]);
    });

    it('stands beside its other versions, and each node calls its own', async () => {
      const [older, newer] = [greeting('.'), greeting('?')];
      const values = { name: 'bob', times: 1, note: null, isLoud: false };
      await database().run(async (db) => {
        await keepStatements(db, [older]);
        await keepStatements(db, [newer]);
        expect(await older.execute<Greeting>(db, values)).toMatchObject([{ greeting: 'bob.' }]);
        expect(await newer.execute<Greeting>(db, values)).toMatchObject([{ greeting: 'bob?' }]);
        expect(await functionsLike(db, 'greet')).toEqual(expect.arrayContaining([older.name, newer.name]));
      });
    });

    it('is made by whichever of several starts comes first', async () => {
      const greet = greeting(', all');
      await database().run(async (db) => {
        await Promise.all([1, 2, 3].map(() => keepStatements(db, [greet])));
        expect(await functionsLike(db, greet.name)).toEqual([greet.name]);
      });
    });

    it('is part of a transaction', async () => {
      const values = { name: 'cid', times: 1, note: null, isLoud: false };
      const greet = greeting(' within');
      const kept = await database().run((db) =>
        db.transaction().execute(async (transaction) => {
          await sql.raw(greet.definition).execute(transaction);
          return greet.execute<Greeting>(transaction, values);
        }),
      );
      expect(kept).toMatchObject([{ greeting: 'cid within' }]);
    });
  });

  it('has no values but those it takes', () => {
    const keep = () =>
      new StoredStatement('odd', { takes: {}, returns: { n: 'integer' }, body: () => sql`select ${1}` });
    expect(keep).toThrow('odd: a stored statement has values only from outside');
  });
});
