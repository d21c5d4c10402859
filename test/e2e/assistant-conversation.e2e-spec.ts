import { AssistantClient, type Account, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('A plain socket.io-client', () => {
  let app: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (auth?: object, as = account, transports?: string[]) => {
    const client = await AssistantClient.connect(app.url, as, auth, transports);
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    app = await startTalksy();
    account = await register(app.url);
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => app.close());

  it('gets a session when it connects', async () => {
    const client = await connect();
    expect(client.received[0]).toEqual({
      event: 'SESSION_CREATED',
      payload: { sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/), expiresAt: expect.stringMatching(/Z$/) },
    });
  });

  it('gets a whole answer to a message, as event and as ack', async () => {
    const client = await connect();
    const ack = await client.ask('user_message', { text: 'exactly: Hello, wörld 😀' });
    expect(ack).toEqual({
      ok: true,
      data: {
        text: 'Hello, wörld 😀',
        timestamp: expect.any(String),
        messageId: expect.any(String),
        runId: expect.any(String),
        conversationId: expect.any(String),
        usage: {
          promptTokens: expect.any(Number),
          completionTokens: expect.any(Number),
          totalTokens: expect.any(Number),
        },
        provider: 'mock',
        model: expect.any(String),
        finishReason: 'stop',
      },
    });
    expect(await client.untilEvent('assistant_response')).toEqual(ack.data);
  });

  it('gets a streamed answer whose chunks joined are the stored answer', async () => {
    const client = await connect();
    const { start, end, text } = await client.stream('Tell me about rivers.');
    expect(client.of('stream_start')).toEqual([start]);
    expect(start).toEqual({
      sessionId: client.session.sessionId,
      runId: expect.any(String),
      messageId: expect.any(String),
      userMessageId: expect.any(String),
      conversationId: expect.any(String),
      seq: 0,
    });
    expect(text.split(/\s+/).length).toBeGreaterThan(10);
    expect(end).toMatchObject({
      sessionId: start.sessionId,
      runId: start.runId,
      messageId: start.messageId,
      finishReason: 'stop',
      provider: 'mock',
      lastIndex: client.of('stream_chunk', start.runId).length - 1,
    });
    const seqs = client.received.flatMap(({ payload }) => (payload.runId === start.runId ? [payload.seq] : []));
    expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);
    const { data: history } = await client.ask('get_history', {});
    expect(history).toEqual([
      expect.objectContaining({
        role: 'user',
        content: 'Tell me about rivers.',
        id: start.userMessageId,
        timestamp: expect.any(String),
      }),
      expect.objectContaining({
        role: 'assistant',
        content: text,
        id: start.messageId,
        status: 'complete',
        runId: start.runId,
      }),
    ]);
    expect(await client.untilEvent('conversation_history')).toEqual(history);
  });

  it('is understood in the light of what was said before', async () => {
    const client = await connect();
    await client.stream('Remember this, please. code word: heron');
    const { text } = await client.stream('What was the code word?');
    expect(text).toContain('heron');
  });

  it('learns the facts of its session', async () => {
    const client = await connect();
    expect((await client.ask('get_session_info', {})).data).toMatchObject({
      conversationId: null,
      messageCount: 0,
      status: 'active',
    });
    expect((await client.ask('get_history', {})).data).toEqual([]);
    const { start } = await client.stream('exactly: ok');
    expect((await client.ask('get_session_info')).data).toEqual({
      sessionId: client.session.sessionId,
      status: 'active',
      conversationId: start.conversationId,
      messageCount: 2,
      createdAt: expect.any(String),
      lastActivityAt: expect.any(String),
      expiresAt: expect.any(String),
    });
  });

  it('finds its session and history again after a reconnect', async () => {
    const before = await connect();
    const { start, text } = await before.stream('exactly: to be continued');
    before.cut();
    await before.untilEvent('disconnect');
    const after = await connect({ sessionId: before.session.sessionId });
    expect(after.received[0]).toMatchObject({
      event: 'SESSION_RESTORED',
      payload: {
        sessionId: before.session.sessionId,
        conversationId: start.conversationId,
        history: [{ role: 'user' }, { role: 'assistant', content: text }],
      },
    });
    expect(after.session).not.toHaveProperty('activeRun');
  });

  it('goes on in a conversation that it names, from another session', async () => {
    const first = await connect();
    const { start } = await first.stream('code word: otter');
    const second = await connect();
    const { text } = await second.stream('Which code word did I give you?', { conversationId: start.conversationId });
    expect(text).toContain('otter');
    const info = (await second.ask('get_session_info', {})).data;
    expect(info).toMatchObject({ conversationId: start.conversationId, messageCount: 4 });
    const { data } = await second.ask('get_history', { limit: 1 });
    expect(data).toEqual([expect.objectContaining({ role: 'assistant', content: text })]);
    const { data: earlier } = await second.ask('get_history', { before: data[0].id, limit: 2 });
    expect(earlier.map((message: { role: string }) => message.role)).toEqual(['assistant', 'user']);
  });

  it('shares its session with a second connection', async () => {
    const first = await connect();
    const second = await connect({ sessionId: first.session.sessionId });
    expect(second.session.sessionId).toBe(first.session.sessionId);
    const { start } = await first.stream('exactly: shared');
    expect((await second.ask('get_session_info', {})).data.conversationId).toBe(start.conversationId);
  });

  it('may use polling as well as websocket', async () => {
    const client = await connect({}, account, ['polling']);
    expect((await client.stream('exactly: slow but sure')).text).toBe('slow but sure');
  });

  it('goes on when polling is given up for a websocket behind the greeting', async () => {
    const client = await connect({}, account, ['polling', 'websocket']);
    await client.untilWebSocket();
    expect((await client.stream('exactly: the same session')).text).toBe('the same session');
    expect((await client.ask('get_session_info', {})).data.sessionId).toBe(client.session.sessionId);
  });

  it('asks for a model by name, and is told where nobody has it', async () => {
    const client = await connect();
    expect((await client.stream('exactly: ok', { model: 'gpt-4o' })).end).toMatchObject({
      model: 'gpt-4o',
      provider: 'mock',
    });
    const refused = await client.ask('user_message', { text: 'hi', model: 'no-such-model' });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_ERROR', message: expect.stringContaining('no-such-model') },
    });
  });
});
