import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { newRowId } from '../../src/common/ids.js';
import type { Database } from '../../src/storage/database/database.js';
import { openDatabase } from '../../src/storage/database/open-database.js';
import { createPostgresDatabase, hasPostgres } from './test-postgres.js';

const OPEN_LIMIT_MS = 60_000;
const canUsePostgres = hasPostgres();

/** A migrated database in memory. */
export async function openMemoryDatabase(): Promise<Database> {
  return openDatabase({ pgliteTemplate: await emptyPglite() });
}

/** Runs the suite on PGlite and, where there is one, on PostgreSQL; one database for all its tests. */
export function onEachDatabase(suite: (database: () => Database) => void): void {
  describe('on PGlite', () => {
    let database: Database;
    beforeAll(async () => void (database = await openMemoryDatabase()), OPEN_LIMIT_MS);
    afterAll(() => database.close());
    suite(() => database);
  });
  describeOnPostgres('on PostgreSQL', () => {
    let database: Database;
    let drop: () => Promise<void>;
    beforeAll(async () => {
      const created = await createPostgresDatabase();
      drop = created.drop;
      database = await openDatabase({ databaseUrl: created.url });
    }, OPEN_LIMIT_MS);
    afterAll(async () => {
      await database.close();
      await drop();
    });
    suite(() => database);
  });
}

/** A suite that only a real PostgreSQL can run; where there is none, that is said instead. */
export function describeOnPostgres(name: string, suite: () => void): void {
  if (canUsePostgres) describe(name, suite);
}

/** Puts an empty database into a data folder, so that the server which starts on it need not make one. */
export async function seedDataDir(dataDir: string): Promise<void> {
  const template = await emptyPglite();
  const database = await PGlite.create({ dataDir: join(dataDir, 'pglite'), loadDataDir: new Blob([template]) });
  await database.close();
}

/** A stored user, for rows that must belong to somebody. */
export async function insertUser(database: Database): Promise<string> {
  const id = newRowId();
  await database.run((db) =>
    db
      .insertInto('users')
      .values({ id, email: `${id}@example.com`, password_hash: 'hash' })
      .execute(),
  );
  return id;
}

/**
 * An empty PGlite, as a dump: loading it takes a tenth of the time of making one. Kept in the temporary folder, one
 * file for each version of PGlite; a draft is renamed, so that no other process reads half of it.
 */
async function emptyPglite(): Promise<Uint8Array<ArrayBuffer>> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as { version: string };
  const file = join(tmpdir(), `talksy-empty-pglite-${version}-${process.getuid?.() ?? 'user'}.tar`);
  if (!existsSync(file)) {
    const empty = await PGlite.create();
    const dump = await empty.dumpDataDir('none');
    await empty.close();
    const draft = `${file}.${newRowId()}`;
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
    renameSync(draft, file);
  }
  return new Uint8Array(readFileSync(file));
}
