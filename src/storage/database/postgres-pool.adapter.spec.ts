import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { describeOnPostgres } from '../../../test/support/test-database.js';
import { createPostgresDatabase, type TestPostgresDatabase } from '../../../test/support/test-postgres.js';
import { Database } from './database.js';
import { DatabaseProbe } from './database.probe.js';
import { openDatabase } from './open-database.js';
import { ServerPool } from './postgres-pool.js';

/** A TCP server on a free port that can hang up on everybody. */
async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number; hangUp(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hangUp = () => sockets.forEach((socket) => socket.destroy());
  return { server, port: (server.address() as AddressInfo).port, hangUp };
}

const urlOf = (port: number): string => `postgres://talksy:geheim@127.0.0.1:${port}/talksy`;

/** Runs a ping, which must fail as the port demands. */
async function expectUnavailable(database: Database): Promise<void> {
  const startedAt = performance.now();
  await expect(database.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: 1000 });
  expect(performance.now() - startedAt).toBeLessThan(3000);
}

describe('a PostgreSQL that cannot be reached', () => {
  it('is STORE_UNAVAILABLE where nobody listens', async () => {
    const { server, port } = await listen(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const database = new Database('postgres', new ServerPool(urlOf(port)));
    await expectUnavailable(database);
    const opening = openDatabase({ databaseUrl: urlOf(port) });
    await expect(opening).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        new RegExp(
          `^DATABASE_URL: the database at 127.0.0.1:${port}/talksy cannot be used \\(.*ECONNREFUSED.*\\); start it`,
        ),
      ),
    });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('geheim') });
    await database.close();
    await database.close();
  });

  it('is STORE_UNAVAILABLE within 3 s where somebody accepts and never answers', async () => {
    const { server, port, hangUp } = await listen(() => undefined);
    const database = new Database('postgres', new ServerPool(urlOf(port)));
    await Promise.all(Array.from({ length: 15 }, () => expectUnavailable(database)));
    hangUp();
    server.close();
    await database.close();
  });
});

describeOnPostgres('a PostgreSQL that goes away', () => {
  let stored: TestPostgresDatabase;
  let isSilent = false;
  let proxy: Awaited<ReturnType<typeof listen>>;
  let database: Database;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    stored = await createPostgresDatabase();
    const target = new URL(stored.url);
    proxy = await listen((socket) => {
      const upstream = connect(Number(target.port), target.hostname);
      socket.on('data', (data) => isSilent || upstream.write(data)).on('close', () => upstream.destroy());
      upstream.on('data', (data) => isSilent || socket.write(data)).on('close', () => socket.destroy());
      upstream.on('error', () => undefined);
    });
    const url = new URL(stored.url);
    url.port = String(proxy.port);
    database = new Database('postgres', new ServerPool(url.href, { max: 2, connectMs: 500, statementMs: 500 }));
  }, 60_000);

  afterAll(async () => {
    await database.close();
    proxy.server.close();
    await stored.drop();
  });

  it('is well while it answers', async () => {
    expect(await new DatabaseProbe(database).check()).toMatchObject({ status: 'healthy', adapter: 'postgres' });
  });

  it('loses idle connections without harm, and serves again', async () => {
    await Promise.all([database.ping(), database.ping()]);
    proxy.hangUp();
    await untilAnswering(database);
  });

  it('survives an administrator who ends a statement in mid-flight', async () => {
    const asked = database.run((db) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(db));
    await expect(asked).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await untilAnswering(database);
  });

  it('gives up on a statement that takes too long', async () => {
    await expect(database.run((db) => sql`select pg_sleep(10)`.execute(db))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await database.ping();
  });

  it('has no connection left for the third of three long statements', async () => {
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => database.run((db) => sql`select pg_sleep(10)`.execute(db))),
    );
    for (const outcome of asked) expect(outcome).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE' } });
  });

  it('throws connections away that fell silent, and serves again', async () => {
    await database.ping();
    isSilent = true;
    await expectUnavailable(database);
    isSilent = false;
    proxy.hangUp();
    await untilAnswering(database);
  });

  it('leaves bugs as they are', async () => {
    await expect(database.run((db) => sql`select * from nowhere`.execute(db))).rejects.toMatchObject({ code: '42P01' });
  });
});

/** Asks until a connection that is whole answers; each lost one may fail a single ask. */
async function untilAnswering(database: Database, attempts = 5): Promise<void> {
  for (let n = 1; ; n++) {
    const error = await database.ping().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!error) return;
    if (n === attempts) throw error;
  }
}
