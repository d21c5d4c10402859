import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { sql } from 'kysely';
import { describeOnPostgres, insertUser, onEachDatabase, seedDataDir } from '../../../test/support/test-database.js';
import { createPostgresDatabase } from '../../../test/support/test-postgres.js';
import { CommonModule } from '../../common/common.module.js';
import { HealthProbes } from '../../common/health-probe.js';
import { StoreConfig } from '../../config/config.js';
import { RunStore } from '../../run/run-store.port.js';
import { UserStore } from '../../user/user-store.port.js';
import { DataFolder } from './data-folder.js';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';
import { openDurableStorage } from './durable-storage.js';
import { openDatabase } from './open-database.js';

const bootWith = (config: StoreConfig, opening?: ReturnType<typeof openDurableStorage>) =>
  Test.createTestingModule({
    imports: [
      {
        module: class TestConfig {},
        global: true,
        providers: [{ provide: StoreConfig, useValue: config }],
        exports: [StoreConfig],
      },
      CommonModule,
      DatabaseModule.forRoot(opening),
    ],
  }).compile();

describe('openDatabase', () => {
  onEachDatabase((database) => {
    it('gives counts, big integers and JSON the same types everywhere', async () => {
      const { rows } = await database().run((db) =>
        sql`select count(*) as n, 5::int8 as big, ${JSON.stringify([[1, 2]])}::jsonb as list`.execute(db),
      );
      expect(rows).toEqual([{ n: 1, big: 5, list: [[1, 2]] }]);
    });
  });

  it('begins with an empty database where no folder is named', async () => {
    const database = await openDatabase();
    await database.ping();
    await database.close();
  });
});

describe('the embedded database', () => {
  let dataDir: string;
  beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'talksy-open-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('is there again after a restart, locked while open, and free after the end', async () => {
    const config = { dataDir, databaseUrl: undefined };
    await seedDataDir(dataDir);
    const first = await bootWith(config, openDurableStorage(config));
    await first.init();
    const userId = await insertUser(first.get(Database));
    const [probe] = first.get(HealthProbes).all();
    expect(await probe!.check()).toMatchObject({ status: 'healthy', adapter: 'pglite' });
    expect(() => openDurableStorage(config)).toThrow(`DATA_DIR ${dataDir} is in use by process ${process.pid}`);
    await first.close();

    const second = await bootWith(config);
    expect(await second.get(UserStore).find(userId)).toMatchObject({ id: userId });
    expect(await second.get(RunStore).listAbandoned(1)).toEqual([]);
    await second.close();
    new DataFolder(dataDir).occupy();
  });

  it('says what to do about a folder that holds no database, and leaves it unlocked', async () => {
    mkdirSync(join(dataDir, 'pglite'));
    writeFileSync(join(dataDir, 'pglite', 'PG_VERSION'), '9.1');
    const { folder, database } = openDurableStorage({ dataDir, databaseUrl: undefined });
    await expect(database).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^DATA_DIR: the database in .*pglite does not start \(.*\); restore the folder/),
    });
    folder.occupy();
    folder.release();
  });
});

describeOnPostgres('nodes that start together on one PostgreSQL', () => {
  it('migrate it once, and all serve', async () => {
    const { url, drop } = await createPostgresDatabase();
    const nodes = await Promise.all([1, 2, 3].map(() => openDatabase({ databaseUrl: url })));
    const names = await nodes[0]!.run((db) => sql<{ name: string }>`select name from kysely_migration`.execute(db));
    expect(names.rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['0001-init', '0006-run-queue']));
    expect(new Set(names.rows.map(({ name }) => name)).size).toBe(names.rows.length);
    await Promise.all(nodes.map(insertUser));
    await Promise.all(nodes.map((node) => node.close()));
    await drop();
  }, 60_000);

  it('keep no lock on a data folder', async () => {
    const { url, drop } = await createPostgresDatabase();
    const config = { dataDir: '/dev/null/never-used', databaseUrl: url };
    const app = await bootWith(config);
    expect(app.get(Database).adapter).toBe('postgres');
    await app.close();
    await drop();
  });
});
