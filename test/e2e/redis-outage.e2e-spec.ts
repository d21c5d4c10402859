import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { FaultProxy } from '../../src/verify/fault-proxy.js';
import { NODES_ENV, SharedDatabase } from '../support/shared-database.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { startRedis } from '../support/test-redis.js';

/** One node whose way to Redis breaks. */
describe('Without Redis', () => {
  let redis: { url: string; stop: () => Promise<void> };
  let proxy: FaultProxy;
  let database: SharedDatabase;
  let node: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];

  const env = () => ({
    ...NODES_ENV,
    AI_MOCK_TOKEN_DELAY_MS: '20',
    REDIS_ENABLED: 'true',
    REDIS_URL: proxy.urlOf(redis.url),
  });
  const connect = async (to = node, auth?: object): Promise<AssistantClient> => {
    const client = await AssistantClient.connect(to.url, account, auth);
    clients.push(client);
    return client;
  };
  const storage = async (of = node): Promise<Payload> =>
    ((await (await fetch(`${of.url}/health/detailed`)).json()) as Payload).checks.storage;
  /** How long it takes until the health check says so. */
  const untilStatus = async (status: string, limitMs: number, of = node): Promise<Payload> => {
    for (const startedAt = performance.now(); performance.now() - startedAt < limitMs;) {
      const report = await storage(of);
      if (report.status === status) return report;
    }
    throw new Error(`not ${status} within ${limitMs} ms: ${JSON.stringify(await storage(of))}`);
  };

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.start(Number(new URL(redis.url).port));
    database = await SharedDatabase.open();
    node = await startTalksy(env(), database.parts());
    account = await register(node.url);
  }, 60_000);
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.close());
    await proxy.heal();
    await untilStatus('healthy', 5000);
  });
  afterAll(async () => {
    await node.close();
    await database.close();
    await proxy.close();
    await redis.stop();
  });

  it.each(['refuse', 'stall', 'deaf'] as const)(
    'a node says within 2 s that it is degraded, and within 5 s that it is well again (%s)',
    async (mode) => {
      await proxy.break(mode);
      expect(await untilStatus('degraded', 2000)).toMatchObject({
        adapter: 'memory',
        usingFallback: true,
        reason: expect.stringContaining('Redis cannot be used'),
      });
      expect((await fetch(`${node.url}/health/ready`)).status).toBe(200);
      await proxy.heal();
      expect(await untilStatus('healthy', 5000)).toMatchObject({ adapter: 'redis', usingFallback: false });
    },
  );

  it.each(['refuse', 'stall'] as const)(
    'an answer that is being written goes on, and is whole for everybody when Redis is back (%s)',
    async (mode) => {
      const words = Array.from({ length: 80 }, (_, i) => `word${i}`).join(' ');
      const client = await connect();
      const { runId } = (await client.ask('user_message_stream', { text: `exactly: ${words}` })).data;
      const isEnd = (event: string, payload: Payload) => event === 'stream_end' && payload.runId === runId;
      await client.until((event, payload) => event === 'stream_chunk' && payload.index >= 5);
      await proxy.break(mode);
      expect(await client.until(isEnd)).toMatchObject({ finishReason: 'stop' });
      expect(client.textOf(runId)).toBe(words);
      await proxy.heal();
      await untilStatus('healthy', 5000);
      const other = await connect();
      expect((await other.ask('resume_stream', { runId })).ok).toBe(true);
      await other.until(isEnd);
      expect(other.textOf(runId)).toBe(words);
    },
  );

  it('a connected client goes on, and its session is there when Redis is back', async () => {
    const client = await connect();
    const { sessionId } = client.session;
    await proxy.break('refuse');
    await untilStatus('degraded', 2000);
    expect((await client.stream('exactly: said without Redis')).text).toBe('said without Redis');
    const { conversationId } = (await client.ask('get_session_info', {})).data;
    await proxy.heal();
    await untilStatus('healthy', 5000);
    expect((await client.stream('exactly: said with it')).text).toBe('said with it');
    client.cut();
    await client.untilEvent('disconnect');
    const again = await connect(node, { sessionId });
    expect(again.session).toMatchObject({ sessionId, conversationId });
    expect(again.session.history).toHaveLength(4);
  });

  it('a new client is welcome', async () => {
    await proxy.break('refuse');
    await untilStatus('degraded', 2000);
    const client = await connect();
    expect((await client.stream('exactly: hello')).text).toBe('hello');
  });

  it('a node starts on memory, says so, and moves over when Redis appears', async () => {
    await proxy.break('refuse');
    const late = await startTalksy(env(), database.parts());
    expect(await storage(late)).toMatchObject({ status: 'degraded', adapter: 'memory', usingFallback: true });
    const client = await connect(late);
    expect((await client.stream('exactly: from memory')).text).toBe('from memory');
    await proxy.heal();
    await untilStatus('healthy', 5000, late);
    expect((await client.stream('exactly: from Redis')).text).toBe('from Redis');
    client.close();
    await late.close();
  });
});
