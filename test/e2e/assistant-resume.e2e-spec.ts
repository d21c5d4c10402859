import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const WORDS =
  'The quick brown fox jumps over the lazy dog while 😀 the band plays on and on until the very end of the song.';

describe('An answer that was started', () => {
  let app: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (auth?: object, as = account) => {
    const client = await AssistantClient.connect(app.url, as, auth);
    clients.push(client);
    return client;
  };
  const begin = async (client: AssistantClient, more: object = {}): Promise<Payload> =>
    (await client.ask('user_message_stream', { text: `exactly: ${WORDS}`, ...more })).data;
  const chunkOf = (runId: string, index: number) => (event: string, payload: Payload) =>
    event === 'stream_chunk' && payload.runId === runId && payload.index >= index;
  const endOf = (runId: string) => (event: string, payload: Payload) =>
    event === 'stream_end' && payload.runId === runId;

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '10', AI_MOCK_FIRST_TOKEN_DELAY_MS: '1' });
    account = await register(app.url);
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => app.close());

  it('is resumed after a drop in mid-stream without a chunk missing or repeated', async () => {
    const before = await connect();
    const { runId } = await begin(before);
    await before.until(chunkOf(runId, 2));
    before.cut();
    await before.untilEvent('disconnect');
    const seen = before.of('stream_chunk', runId);

    const after = await connect({ sessionId: before.session.sessionId });
    expect(after.session.activeRun).toMatchObject({
      runId,
      lastSeq: expect.any(Number),
      lastIndex: expect.any(Number),
    });
    const ack = await after.ask('resume_stream', { runId, afterSeq: seen.at(-1).seq });
    expect(ack).toEqual({ ok: true, data: { runId, fromSeq: seen.at(-1).seq + 1 } });
    const end = await after.until(endOf(runId));
    const text = before.textOf(runId) + after.textOf(runId, seen.length);
    expect(text).toBe(WORDS);
    expect(end).toMatchObject({
      finishReason: 'stop',
      lastIndex: seen.length + after.of('stream_chunk', runId).length - 1,
    });
    expect(after.of('stream_start')).toEqual([]);
  });

  it.each([
    ['from the start', {}, 0],
    ['behind a chunk index', { afterIndex: 3 }, 4],
    ['behind the last index there is', { afterIndex: 100_000 }, Infinity],
  ])('is replayed after its end %s', async (_where, position, firstIndex) => {
    const client = await connect();
    const { runId } = await begin(client);
    const end = await client.until(endOf(runId));
    const chunks = client.of('stream_chunk', runId);
    const again = await connect();
    await again.ask('resume_stream', { runId, ...position });
    expect(await again.until(endOf(runId))).toEqual({ ...end, sessionId: again.session.sessionId });
    expect(again.of('stream_chunk', runId)).toEqual(chunks.slice(Math.min(firstIndex, chunks.length)));
  });

  it('goes on while nobody listens', async () => {
    const before = await connect();
    const { runId, conversationId } = await begin(before);
    before.cut();
    await before.untilEvent('disconnect');
    const after = await connect();
    await after.ask('resume_stream', { runId });
    await after.until(endOf(runId));
    expect(after.textOf(runId)).toBe(WORDS);
    const { data } = await after.ask('get_history', { conversationId });
    expect(data.at(-1)).toMatchObject({ content: WORDS, status: 'complete' });
  });

  it('is followed by two devices of one user', async () => {
    const [first, second] = [await connect(), await connect()];
    const { runId } = await begin(first);
    await second.ask('resume_stream', { runId });
    for (const client of [first, second]) {
      await client.until(endOf(runId));
      expect(client.textOf(runId)).toBe(WORDS);
    }
  });

  it('starts over on the same socket where the client asks for it, instead of coming twice at once', async () => {
    const client = await connect();
    const { runId } = await begin(client);
    await client.until(chunkOf(runId, 1));
    const mark = client.received.length;
    await client.ask('resume_stream', { runId });
    await client.until(endOf(runId));
    expect(client.of('stream_end', runId)).toHaveLength(1);
    const restart = client.received.findIndex(
      ({ event, payload }, i) => i >= mark && event === 'stream_start' && payload.runId === runId,
    );
    const chunks = client.received
      .slice(restart)
      .flatMap(({ event, payload }) => (event === 'stream_chunk' ? [payload] : []));
    expect(chunks.map((chunk) => chunk.index)).toEqual(chunks.map((_, i) => i));
    expect(chunks.map((chunk) => chunk.content).join('')).toBe(WORDS);
  });

  it('stops when it is told to, and nothing comes after the end', async () => {
    const client = await connect();
    const { runId, conversationId } = await begin(client);
    await client.until(chunkOf(runId, 2));
    const { ok, data } = await client.ask('stop_stream', { runId });
    expect({ ok, data }).toEqual({ ok: true, data: { runId, status: 'cancelled', finalSeq: expect.any(Number) } });
    const end = await client.until(endOf(runId));
    expect(end).toMatchObject({ finishReason: 'cancelled', seq: data.finalSeq, usage: { estimated: true } });
    expect(client.received.at(-1)?.event).toBe('stream_end');
    const text = client.textOf(runId);
    expect(WORDS.startsWith(text) && text.length < WORDS.length).toBe(true);
    const history = (await client.ask('get_history', { conversationId })).data;
    expect(history.at(-1)).toMatchObject({ content: text, status: 'cancelled' });
    expect((await client.ask('stop_stream', { runId })).data).toEqual(data);
    expect(client.of('stream_end', runId)).toHaveLength(1);
  });

  it('is the one that stop_stream means when it names none', async () => {
    const client = await connect();
    const { runId } = await begin(client);
    expect((await client.ask('stop_stream', {})).data).toMatchObject({ runId, status: 'cancelled' });
    expect(await client.ask('stop_stream', {})).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND' } });
  });

  it('is not stopped after its end', async () => {
    const client = await connect();
    const { start, end } = await client.stream('exactly: done');
    expect((await client.ask('stop_stream', { runId: start.runId })).data).toEqual({
      runId: start.runId,
      status: 'already_ended',
      finalSeq: end.seq,
    });
  });

  it('is started once, however often the same messageId is sent', async () => {
    const [client, other] = [await connect(), await connect()];
    const message = { text: `exactly: ${WORDS}`, messageId: 'my-message-1' };
    const [first, second, third] = await Promise.all([
      client.ask('user_message_stream', message),
      client.ask('user_message_stream', message),
      other.ask('user_message_stream', message),
    ]);
    const { runId } = first.data;
    expect([second.data.runId, third.data.runId]).toEqual([runId, runId]);
    expect(first.data.userMessageId).toBe('my-message-1');
    for (const each of [client, other]) {
      await each.until(endOf(runId));
      expect(each.textOf(runId)).toBe(WORDS);
    }
    expect((await client.ask('user_message_stream', message)).data.runId).toBe(runId);
    const conflict = await client.ask('user_message_stream', { ...message, text: 'something else' });
    expect(conflict).toMatchObject({ ok: false, error: { code: 'CONFLICT' } });
  });

  it('is found again by a resend in a new session, which goes on in its conversation', async () => {
    const before = await connect();
    const message = { text: 'exactly: first', messageId: 'before-the-loss' };
    const { start } = await before.stream(message.text, { messageId: message.messageId });
    const after = await connect();
    const { data } = await after.ask('user_message_stream', message);
    expect(data.runId).toBe(start.runId);
    await after.until(endOf(data.runId));
    expect((await after.ask('get_session_info', {})).data).toMatchObject({
      conversationId: start.conversationId,
      messageCount: 2,
    });
    expect((await after.stream('exactly: second')).start.conversationId).toBe(start.conversationId);
  });

  it('is not disturbed by a second message that wants no waiting', async () => {
    const client = await connect();
    const { runId } = await begin(client);
    expect(await client.ask('user_message', { text: 'and another thing', onBusy: 'reject' })).toMatchObject({
      ok: false,
      error: { code: 'RUN_IN_PROGRESS' },
    });
    await client.until(endOf(runId));
    expect(client.textOf(runId)).toBe(WORDS);
    expect((await client.stream('exactly: now')).text).toBe('now');
  });

  it('does not exist for anybody else', async () => {
    const client = await connect();
    const { runId, conversationId } = await begin(client);
    const mallory = await connect({ sessionId: client.session.sessionId }, await register(app.url));
    expect(mallory.received[0]?.event).toBe('SESSION_CREATED');
    const unknown = '0190a000-0000-7000-8000-000000000000';
    for (const [event, mine, nobodys] of [
      ['resume_stream', { runId }, { runId: unknown }],
      ['stop_stream', { runId }, { runId: unknown }],
      ['get_history', { conversationId }, { conversationId: unknown }],
      ['user_message', { text: 'hi', conversationId }, { text: 'hi', conversationId: 'not-even-an-id' }],
    ] as const) {
      const [theirs, none] = [await mallory.ask(event, mine), await mallory.ask(event, nobodys)];
      expect(theirs).toEqual({ ok: false, error: { ...none.error, requestId: theirs.error.requestId } });
      expect(theirs.error.code).toMatch(/^(RUN|CONVERSATION)_NOT_FOUND$/);
    }
    await client.until(endOf(runId));
    expect(client.textOf(runId)).toBe(WORDS);
  });
});
