import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('Branches over sockets', () => {
  let app: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (as = account) => {
    const client = await AssistantClient.connect(app.url, as);
    clients.push(client);
    return client;
  };
  const history = async (client: AssistantClient, query: object = {}): Promise<Payload[]> =>
    (await client.ask('get_history', query)).data;
  const contents = (messages: Payload[]) => messages.map(({ content }) => content);

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '5', AI_MOCK_FIRST_TOKEN_DELAY_MS: '1' });
  }, 60_000);
  beforeEach(async () => void (account = await register(app.url)));
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => app.close());

  it('edits a question, regenerates an answer and switches between what there is', async () => {
    const client = await connect();
    await client.stream('exactly: one');
    await client.stream('exactly: two');
    const [, one, two] = await history(client);
    const edited = await client.stream('exactly: three', { parentId: one.id });
    expect(contents(await history(client))).toEqual(['exactly: one', 'one', 'exactly: three', 'three']);
    const again = await client.ask('regenerate', { messageId: edited.start.messageId });
    expect(again).toMatchObject({ ok: true, data: { userMessageId: edited.start.userMessageId, seq: 0 } });
    expect(again.data.messageId).not.toBe(edited.start.messageId);
    await client.until((event, { runId }) => event === 'stream_end' && runId === again.data.runId);
    expect(client.textOf(again.data.runId)).toBe('three');
    const [, , question, answer] = await history(client);
    expect(question).toMatchObject({ parentId: one.id, siblingIds: [two.id, question.id], branchIndex: 1 });
    expect(answer).toMatchObject({ siblingIds: [edited.start.messageId, again.data.messageId], branchIndex: 1 });
    const switched = await client.ask('switch_branch', { messageId: two.id });
    expect(contents(switched.data.history)).toEqual(['exactly: one', 'one', 'exactly: two', 'two']);
    expect(await client.untilEvent('branch_switched')).toEqual(switched.data);
    const root = await client.stream('exactly: zero', { parentId: null });
    expect(root.start.conversationId).toBe(switched.data.conversationId);
    expect(contents(await history(client))).toEqual(['exactly: zero', 'zero']);
  });

  it('forks in mid-answer, and goes on in both', async () => {
    const client = await connect();
    const long = 'word after word, until all of it has been said and there is nothing left to say.';
    const { data } = await client.ask('user_message_stream', { text: `exactly: ${long}` });
    const chunk = await client.until((event, payload) => event === 'stream_chunk' && payload.index === 2);
    const seen = client.of('stream_chunk').filter(({ index }) => index <= 2);
    const fork = await client.ask('fork_conversation', { runId: data.runId, seq: chunk.seq });
    expect(fork.data).toMatchObject({ forkedFrom: data.conversationId, messageCount: 2 });
    expect(await client.untilEvent('conversation_forked')).toEqual(fork.data);
    await client.until((event) => event === 'stream_end');
    const { conversationId } = fork.data;
    const copied = await history(client, { conversationId });
    expect(copied[1]).toMatchObject({ content: seen.map(({ content }) => content).join(''), status: 'interrupted' });
    expect((await history(client, { conversationId: data.conversationId }))[1].content).toBe(long);
    const whole = await client.ask('fork_conversation', {});
    expect(contents(await history(client, { conversationId: whole.data.conversationId }))[1]).toBe(long);
    await client.stream('exactly: on', { conversationId });
    expect(contents(await history(client))).toEqual([...contents(copied), 'exactly: on', 'on']);
  });

  it("refuses what is malformed, and knows nothing of other people's messages", async () => {
    const [mine, other] = [await connect(), await connect(await register(app.url))];
    const { start } = await mine.stream('exactly: mine');
    const code = async (client: AssistantClient, event: string, payload: object) =>
      (await client.ask(event, payload)).error?.code;
    expect(await code(mine, 'regenerate', {})).toBe('VALIDATION_ERROR');
    expect(await code(mine, 'switch_branch', { messageId: 'x' })).toBe('VALIDATION_ERROR');
    expect(await code(mine, 'fork_conversation', { seq: -1 })).toBe('VALIDATION_ERROR');
    expect(await code(mine, 'user_message', { text: 'a', parentId: 7 })).toBe('VALIDATION_ERROR');
    for (const messageId of [start.messageId, start.runId]) {
      expect(await code(other, 'regenerate', { messageId })).toBe('NOT_FOUND');
      expect(await code(other, 'switch_branch', { messageId })).toBe('NOT_FOUND');
      expect(await code(other, 'fork_conversation', { messageId })).toBe('NOT_FOUND');
    }
    expect(await code(other, 'fork_conversation', {})).toBe('NOT_FOUND');
    const sent = { text: 'a', parentId: start.messageId, conversationId: start.conversationId };
    expect(await code(other, 'user_message', sent)).toBe('CONVERSATION_NOT_FOUND');
    expect(await code(mine, 'user_message', { ...sent, parentId: start.runId })).toBe('NOT_FOUND');
  });
});
