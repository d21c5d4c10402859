import { FaultProxy } from '../../src/verify/fault-proxy.js';
import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { createPostgresDatabase, hasPostgres, type TestPostgresDatabase } from '../support/test-postgres.js';

const canRun = hasPostgres();

/** What architecture.md says of a lost PostgreSQL, with a real one behind a network that breaks. */
(canRun ? describe : describe.skip)('While PostgreSQL is out of reach', () => {
  let database: TestPostgresDatabase;
  let proxy: FaultProxy;
  let node: TestApp;
  let account: Account;
  let client: AssistantClient;
  const health = async (): Promise<Payload> => (await fetch(`${node.url}/health/detailed`)).json();
  /** Resolves when the health check says so, in time. */
  const untilHealth = async (status: string, limitMs: number): Promise<void> => {
    let report: Payload;
    for (const startedAt = performance.now(); performance.now() - startedAt < limitMs;) {
      report = await health();
      if (report.status === status) return;
    }
    throw new Error(`not ${status} within ${limitMs} ms: ${JSON.stringify(report?.checks.database)}`);
  };

  beforeAll(async () => {
    database = await createPostgresDatabase();
    proxy = await FaultProxy.start(Number(new URL(database.url).port));
    node = await startTalksy({ DATABASE_URL: proxy.urlOf(database.url), AI_MOCK_TOKEN_DELAY_MS: '25' });
    account = await register(node.url);
    client = await AssistantClient.connect(node.url, account);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await proxy.heal();
    await node.close();
    await proxy.close();
    await database.drop();
  });

  it.each(['refuse', 'stall', 'deaf'] as const)(
    'the node says so within 2 s, finishes what it writes, refuses what is new within 3 s, and is well within 5 s (%s)',
    async (mode) => {
      const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
      const { runId, conversationId } = (await client.ask('user_message_stream', { text: `exactly: ${words}` })).data;
      await client.until((event, payload) => event === 'stream_chunk' && payload.runId === runId && payload.index >= 5);
      await proxy.break(mode);
      await untilHealth('unhealthy', 2000);
      expect((await fetch(`${node.url}/health/ready`)).status).toBe(503);
      const askedAt = performance.now();
      const refused = await client.ask('user_message', { text: 'hello', conversationId: null });
      expect(refused.error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: expect.any(Number) });
      expect(performance.now() - askedAt).toBeLessThan(3500);
      await client.until((event, payload) => event === 'stream_end' && payload.runId === runId);
      expect(client.textOf(runId)).toBe(words);

      await proxy.heal();
      await untilHealth('healthy', 5000);
      const stored = async () => (await client.ask('get_history', { conversationId })).data.at(-1);
      while ((await stored()).status !== 'complete');
      expect((await stored()).content).toBe(words);
    },
  );
});
