import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from '../../src/storage/database/data-folder.js';
import type { Database } from '../../src/storage/database/database.js';
import { AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { openMemoryDatabase } from '../support/test-database.js';
import { testRedisEnv } from '../support/test-redis.js';

describe('Talksy on two nodes with one Redis', () => {
  let database: Database;
  let nodes: TestApp[];
  let folders: string[];

  beforeAll(async () => {
    database = await openMemoryDatabase();
    folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'talksy-node-')));
    const env = {
      ...(await testRedisEnv()),
      RATE_LIMIT_ENABLED: 'true',
      HTTP_RATE_LIMIT_MAX_REQUESTS: '10',
      TRUST_PROXY: 'true',
      JWT_SECRET: 'a secret that both nodes have in common',
      REFRESH_SECRET: 'another secret that both nodes have in common',
    };
    nodes = await Promise.all(
      folders.map((folder) => {
        const shared: Database = Object.create(database, { close: { value: async () => {} } });
        return startTalksy(env, { storage: { folder: new DataFolder(folder), database: Promise.resolve(shared) } });
      }),
    );
  }, 30_000);
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('lets exactly ten of a hundred messages through that come at once', async () => {
    const account = await register(nodes[0]!.url);
    const clients = await Promise.all(nodes.map(({ url }) => AssistantClient.connect(url, account)));
    const acks: Payload[] = await Promise.all(
      Array.from({ length: 100 }, (_, i) => clients[i % 2]!.ask('user_message', { text: `message ${i}` })),
    );
    expect(acks.filter((ack) => ack.error?.code === 'RATE_LIMIT_EXCEEDED')).toHaveLength(90);
    for (const client of clients) client.close();
  });

  it('lets exactly ten of a hundred requests through that come at once', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => fetch(`${nodes[i % 2]!.url}/nowhere`, { headers })),
    );
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
  });
});
