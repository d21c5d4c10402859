import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { NODES_ENV, SharedDatabase } from '../support/shared-database.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { newKeyPrefix, testRedisEnv } from '../support/test-redis.js';

const WORDS =
  'The quick brown fox jumps over the lazy dog while 😀 the band plays on and on until the very end of the song.';

/** Two nodes, one database, one Redis. */
describe('Nodes that share a Redis', () => {
  let database: SharedDatabase;
  let nodes: TestApp[];
  let account: Account;
  const clients: AssistantClient[] = [];
  const keyPrefix = newKeyPrefix();

  const start = async (env: object = {}, parts = database.parts()): Promise<TestApp> =>
    startTalksy({ ...NODES_ENV, ...(await testRedisEnv(keyPrefix)), AI_MOCK_TOKEN_DELAY_MS: '20', ...env }, parts);
  const connect = async (node: TestApp, auth?: object): Promise<AssistantClient> => {
    const client = await AssistantClient.connect(node.url, account, auth);
    clients.push(client);
    return client;
  };
  const chunkOf = (runId: string, index: number) => (event: string, payload: Payload) =>
    event === 'stream_chunk' && payload.runId === runId && payload.index >= index;
  const endOf = (runId: string) => (event: string, payload: Payload) =>
    event === 'stream_end' && payload.runId === runId;

  beforeAll(async () => {
    database = await SharedDatabase.open();
    nodes = [await start(), await start()];
    account = await register(nodes[0]!.url);
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    for (const node of nodes) await node.close();
    await database.close();
  });

  it('say so in their health', async () => {
    const health = (await (await fetch(`${nodes[0]!.url}/health/detailed`)).json()) as Payload;
    expect(health.checks.storage).toMatchObject({ status: 'healthy', adapter: 'redis', usingFallback: false });
  });

  it('let a client go on with its session and its answer on another node', async () => {
    const before = await connect(nodes[0]!);
    const { runId } = (await before.ask('user_message_stream', { text: `exactly: ${WORDS}` })).data;
    await before.until(chunkOf(runId, 2));
    before.cut();
    await before.untilEvent('disconnect');
    const seen = before.of('stream_chunk', runId);

    const after = await connect(nodes[1]!, { sessionId: before.session.sessionId });
    expect(after.session).toMatchObject({ sessionId: before.session.sessionId, activeRun: { runId } });
    await after.ask('resume_stream', { runId, afterSeq: seen.at(-1).seq });
    await after.until(endOf(runId));
    expect(before.textOf(runId) + after.textOf(runId, seen.length)).toBe(WORDS);
  });

  it('show one answer to two clients on two nodes, and one stops it for both', async () => {
    const [here, there] = [await connect(nodes[0]!), await connect(nodes[1]!)];
    const { runId } = (await here.ask('user_message_stream', { text: `exactly: ${WORDS} ${WORDS}` })).data;
    await there.ask('resume_stream', { runId });
    await there.until(chunkOf(runId, 1));
    const stopped = await there.ask('stop_stream', { runId });
    expect(stopped).toMatchObject({ ok: true, data: { runId, status: 'cancelled', finalSeq: expect.any(Number) } });
    const [endHere, endThere] = [await here.until(endOf(runId)), await there.until(endOf(runId))];
    expect(endThere).toMatchObject({ finishReason: 'cancelled', seq: stopped.data.finalSeq });
    expect(endHere.seq).toBe(endThere.seq);
    expect(there.textOf(runId)).toBe(here.textOf(runId));
  });

  it('close the sockets of a sign-in everywhere when it ends on one', async () => {
    const own = await register(nodes[0]!.url);
    const there = await AssistantClient.connect(nodes[1]!.url, own);
    clients.push(there);
    await fetch(`${nodes[0]!.url}/auth/logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: own.refreshToken }),
    });
    await there.untilEvent('disconnect');
  });

  it('do not start beside nodes with another database', async () => {
    const another = await SharedDatabase.open();
    await expect(start({}, another.parts())).rejects.toThrow(
      /REDIS: running nodes use this Redis with another database/,
    );
    await another.close();
  });
});
