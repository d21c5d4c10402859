import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { NODES_ENV, SharedDatabase } from '../support/shared-database.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { newKeyPrefix, testRedisEnv } from '../support/test-redis.js';

const TEXT = 'Ein Satz mit 東京 und 😀, lang genug für viele Zustände, die ein Raum nacheinander zu sehen bekommt.';

/** Family B, on two nodes. */
describe('The room of a conversation', () => {
  let database: SharedDatabase;
  let nodes: TestApp[];
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (node: TestApp, who = account): Promise<AssistantClient> => {
    const client = await AssistantClient.connect(node.url, who);
    clients.push(client);
    return client;
  };
  const completed = (conversationId: string) => (event: string, payload: Payload) =>
    event === 'stream_complete' && payload.conversationId === conversationId;
  const statesOf = (client: AssistantClient) => client.of('stream_chunk').map(({ content }) => content as string);
  const post = (body: object, token = account.accessToken) =>
    fetch(`${nodes[0]!.url}/api/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    database = await SharedDatabase.open();
    const env = { ...NODES_ENV, ...(await testRedisEnv(newKeyPrefix())), AI_MOCK_TOKEN_DELAY_MS: '20' };
    nodes = [await startTalksy(env, database.parts()), await startTalksy(env, database.parts())];
    account = await register(nodes[0]!.url);
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    for (const node of nodes) await node.close();
    await database.close();
  });

  it('shows one answer to everybody in it, on every node, as text that grows', async () => {
    const [here, there] = [await connect(nodes[0]!), await connect(nodes[1]!)];
    expect((await here.ask('stream_chat', { message: 'exactly: hello', conversationId: 'my-room_1' })).ok).toBe(true);
    await here.until(completed('my-room_1'));
    await there.ask('join_conversation', { conversationId: 'my-room_1' });
    await here.ask('stream_chat', { message: `exactly: ${TEXT}`, conversationId: 'my-room_1' });
    await there.until(completed('my-room_1'));
    const states = statesOf(there);
    expect(states.at(-1)).toBe(TEXT);
    expect(states.length).toBeGreaterThan(2);
    for (const [i, state] of states.entries()) expect(state.startsWith(states[i - 1] ?? '')).toBe(true);
    expect(there.of('stream_chunk').map(({ isComplete }) => isComplete)).toEqual(
      states.map((_, i) => i === states.length - 1),
    );
    const [start] = there.of('stream_start');
    expect(start).toEqual({ messageId: expect.any(String), conversationId: 'my-room_1' });
    expect(there.of('stream_complete')).toEqual([start]);
  });

  it('shows what was asked by every other family, once, and the one who asked its own frames only', async () => {
    const conversationId = 'room-for-all';
    const [asker, here, there] = [await connect(nodes[0]!), await connect(nodes[0]!), await connect(nodes[1]!)];
    await asker.ask('stream_chat', { message: 'exactly: first', conversationId });
    await asker.until(completed(conversationId));
    for (const client of [here, there]) await client.ask('join_conversation', { conversationId });
    const before = asker.of('stream_complete').length;
    const streamed = await asker.stream(`exactly: ${TEXT}`, { conversationId });
    expect(streamed.text).toBe(TEXT);
    await asker.ask('user_message', { text: 'exactly: whole', conversationId });
    const answer = await fetch(`${nodes[1]!.url}/api/editorChat/stream/${conversationId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'exactly: by project chat' }),
    });
    await answer.text();
    for (const client of [here, there]) {
      await client.until(() => client.of('stream_complete').length >= 3);
      const wholes = client.of('stream_chunk').filter(({ isComplete }) => isComplete);
      expect(wholes.map(({ content }) => content)).toEqual([TEXT, 'whole', 'by project chat']);
      expect(client.of('stream_start')).toHaveLength(3);
    }
    await asker.until(() => asker.of('stream_complete').length > before);
    expect(asker.of('stream_complete')).toHaveLength(before + 1);
  });

  it('shows a late one the state so far', async () => {
    const early = await connect(nodes[0]!);
    const { conversationId } = (await early.ask('stream_chat', { message: `exactly: ${TEXT}` })).data;
    await early.until((event, { content }) => event === 'stream_chunk' && content.length > 20);
    const late = await connect(nodes[1]!);
    await late.ask('join_conversation', { conversationId });
    const first = await late.untilEvent('stream_chunk');
    expect(TEXT.startsWith(first.content)).toBe(true);
    await late.until(completed(conversationId));
    expect(statesOf(late).at(-1)).toBe(TEXT);
  });

  it('is for members only, and is left when asked', async () => {
    const [member, stranger] = [await connect(nodes[0]!), await connect(nodes[0]!, await register(nodes[0]!.url))];
    for (const conversationId of ['my-room_1', 'nowhere']) {
      expect(await stranger.ask('join_conversation', { conversationId })).toMatchObject({
        ok: false,
        error: { code: 'CONVERSATION_NOT_FOUND' },
      });
    }
    expect(await stranger.ask('stream_chat', { message: 'hi', conversationId: 'my-room_1' })).toMatchObject({
      error: { code: 'CONVERSATION_NOT_FOUND' },
    });
    const listener = await connect(nodes[0]!);
    await listener.ask('join_conversation', { conversationId: 'my-room_1' });
    await listener.ask('leave_conversation', { conversationId: 'my-room_1' });
    await member.ask('stream_chat', { message: 'exactly: unheard', conversationId: 'my-room_1' });
    await member.until(completed('my-room_1'));
    expect(listener.of('stream_start')).toEqual([]);
  });

  it('refuses what is no message, and stays connected', async () => {
    const client = await connect(nodes[0]!);
    for (const [payload, code] of [
      [{ message: '  ' }, 'INVALID_REQUEST'],
      [{}, 'VALIDATION_ERROR'],
      [{ message: 'x', conversationId: 'a b' }, 'VALIDATION_ERROR'],
    ] as const) {
      expect(await client.ask('stream_chat', payload)).toMatchObject({ ok: false, error: { code } });
    }
    expect((await client.ask('stream_chat', { message: 'exactly: still here' })).ok).toBe(true);
  });

  it('is answered over REST as well, and its listeners see that', async () => {
    const listener = await connect(nodes[1]!);
    await listener.ask('join_conversation', { conversationId: 'my-room_1' });
    const response = await post({ message: `exactly: ${TEXT}`, conversationId: 'my-room_1' });
    expect(await response.json()).toMatchObject({
      message: { role: 'assistant', content: TEXT, conversationId: 'my-room_1' },
      conversation: { id: 'my-room_1', title: 'exactly: hello' },
    });
    await listener.until(completed('my-room_1'));
    expect(statesOf(listener).at(-1)).toBe(TEXT);
    expect(await (await post({ message: '' })).json()).toMatchObject({ code: 'INVALID_REQUEST' });
    expect((await post({ message: 'x' }, 'nobody')).status).toBe(401);
    expect(await (await fetch(`${nodes[0]!.url}/api/health`)).json()).toMatchObject({
      status: 'OK',
      uptime: expect.any(Number),
    });
  });
});
