import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../../../src/storage/database/data-folder.js';
import { openDatabase } from '../../../src/storage/database/open-database.js';
import { AssistantClient, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';
import { describeOnPostgres } from '../../support/test-database.js';
import { createPostgresDatabase } from '../../support/test-postgres.js';
import { testRedisEnv } from '../../support/test-redis.js';

const SECRETS = {
  JWT_SECRET: 'one secret for all nodes, long enough',
  REFRESH_SECRET: 'another secret for all of them, too',
};

describeOnPostgres('Talksy, on two nodes that share PostgreSQL and Redis,', () => {
  const nodes: TestApp[] = [];
  const folders: string[] = [];
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createPostgresDatabase();
    drop = database.drop;
    const env = { ...SECRETS, ...(await testRedisEnv()), DATABASE_URL: database.url };
    const admin = {
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: 'correct horse',
      API_KEYS: `svc:${'k'.repeat(32)}`,
    };
    const start = (): Promise<TestApp> => {
      const folder = mkdtempSync(join(tmpdir(), 'talksy-node-'));
      folders.push(folder);
      const storage = { folder: new DataFolder(folder), database: openDatabase({ databaseUrl: database.url }) };
      return startTalksy({ ...env, ...admin }, { storage });
    };
    nodes.push(...(await Promise.all([start(), start()])));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await drop();
  });

  const [here, there] = [0, 1].map((i) => () => nodes[i]!.url) as [() => string, () => string];
  const me = async (credential: string) => (await rest(there(), ['GET', '/auth/me'], { credential })).body;

  it('makes one first admin and one service account, though they start together', async () => {
    const { body } = await rest(here(), ['POST', '/auth/login'], {
      body: { email: 'root@example.com', password: 'correct horse' },
    });
    const { body: users } = await rest(there(), ['GET', '/admin/users'], { credential: body.data.accessToken });
    expect(users.data.map(({ role }: { role: string }) => role).sort()).toEqual(['admin', 'service']);
  });

  it('ends a sign-in there within a second of a logout here: remembered tokens and open sockets', async () => {
    const account = await register(here());
    const client = await AssistantClient.connect(there(), account);
    expect((await me(account.accessToken)).data.email).toBe(account.email);
    const begun = performance.now();
    await rest(here(), ['POST', '/auth/logout'], { body: { refreshToken: account.refreshToken } });
    await client.until((event) => event === 'disconnect');
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(client.of('error').at(-1)).toMatchObject({ code: 'UNAUTHORIZED' });
    expect((await me(account.accessToken)).code).toBe('UNAUTHORIZED');
  });

  it('ends an API key there that is revoked here', async () => {
    const account = await register(here());
    const options = { credential: account.accessToken };
    const { body } = await rest(here(), ['POST', '/auth/api-keys'], { ...options, body: {} });
    const client = AssistantClient.dial(there(), { apiKey: body.data.key });
    await client.untilEvent('SESSION_CREATED');
    await rest(here(), ['DELETE', `/auth/api-keys/${body.data.id}`], options);
    await client.until((event) => event === 'disconnect');
    expect((await me(body.data.key)).code).toBe('UNAUTHORIZED');
  });

  it('stops there what an account is being told that is deleted here', async () => {
    const account = await register(here());
    const client = await AssistantClient.connect(there(), account);
    expect((await client.ask('user_message_stream', { text: 'Tell me a story.' })).ok).toBe(true);
    await rest(here(), ['DELETE', '/auth/me'], { credential: account.accessToken });
    await client.until((event) => event === 'disconnect');
    expect((await me(account.accessToken)).code).toBe('UNAUTHORIZED');
  });
});
