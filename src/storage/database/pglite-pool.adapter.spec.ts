import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { openMemoryDatabase } from '../../../test/support/test-database.js';
import { ConnectionLost } from './connection-lost.js';
import { Database } from './database.js';
import { DatabaseProbe } from './database.probe.js';
import { PglitePool } from './pglite-pool.js';

/** Answers the start, then does to the first query what `fate` says. */
const doomedWorker = (fate: string): string => `
  import { parentPort } from 'node:worker_threads';
  parentPort.postMessage({ id: 0, rows: [] });
  parentPort.on('message', () => { ${fate} });
`;

describe('PglitePool', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'talksy-worker-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const open = (source: string): Database => {
    const file = join(folder, `${Math.random()}.mjs`);
    writeFileSync(file, source);
    return new Database('pglite', new PglitePool({}, pathToFileURL(file)));
  };

  it.each([
    ['fails', `throw new Error('out of memory')`],
    ['ends', 'process.exit(7)'],
  ])('rejects what is under way and all that follows when its worker %s', async (_what, fate) => {
    const database = open(doomedWorker(fate));
    const asked = await Promise.allSettled([database.ping(), database.ping()]);
    for (const { status, reason } of [
      ...asked,
      ...(await Promise.allSettled([database.ping()])),
    ] as PromiseRejectedResult[]) {
      expect([status, reason]).toMatchObject(['rejected', { code: 'STORE_UNAVAILABLE', retryAfterMs: 1000 }]);
    }
    const report = await new DatabaseProbe(database).check();
    expect(report).toEqual({ status: 'unhealthy', adapter: 'pglite', latencyMs: expect.any(Number) });
    await database.close();
  });

  it('rejects everything when its worker does not even start', async () => {
    const pool = new PglitePool({}, pathToFileURL(join(folder, 'missing.mjs')));
    await expect(pool.ready).rejects.toBeInstanceOf(ConnectionLost);
    await expect(pool.connect()).rejects.toBeInstanceOf(ConnectionLost);
    await pool.end();
  });

  it('answers STORE_UNAVAILABLE within 3 s where its worker hangs', async () => {
    const database = open(doomedWorker('for (;;);'));
    const startedAt = performance.now();
    await expect(database.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await database.close();
  });

  it('finishes what is under way before it closes, and takes nothing after', async () => {
    const database = await openMemoryDatabase();
    const work = Array.from({ length: 20 }, () => database.ping());
    await work[0];
    const closed = database.close();
    await expect(Promise.all(work)).resolves.toHaveLength(20);
    await closed;
    await expect(database.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await database.close();
  });

  it('hands its one connection to one transaction after the other', async () => {
    const database = await openMemoryDatabase();
    const id = '0198f3d2-7a3e-7c11-8f00-000000000001';
    const insert = (email: string) =>
      database.run((db) =>
        db.transaction().execute(async (trx) => {
          const { rows } = await sql<{ n: number }>`select count(*) as n from users`.execute(trx);
          await trx.insertInto('users').values({ id, email, password_hash: 'hash' }).execute();
          await sql`delete from users`.execute(trx);
          return rows[0]?.n;
        }),
      );
    expect(await Promise.all(['a', 'b', 'c'].map(insert))).toEqual([0, 0, 0]);
    await database.close();
  });
});
