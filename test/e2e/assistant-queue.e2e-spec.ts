import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const WORDS = 'This answer takes its time, word after word, until it has said all that there was to say about it.';

describe('A second message while an answer is being written', () => {
  let app: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (auth?: object) => {
    const client = await AssistantClient.connect(app.url, account, auth);
    clients.push(client);
    return client;
  };
  const begin = async (client: AssistantClient): Promise<Payload> =>
    (await client.ask('user_message_stream', { text: `exactly: ${WORDS}` })).data;
  const endOf = (runId: string) => (event: string, payload: Payload) =>
    event === 'stream_end' && payload.runId === runId;
  const queued = (client: AssistantClient, nth = 1) =>
    client.until(() => client.of('stream_queued').length >= nth).then(() => client.of('stream_queued')[nth - 1]);

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '15', AI_MOCK_FIRST_TOKEN_DELAY_MS: '1' });
  }, 60_000);
  beforeEach(async () => void (account = await register(app.url)));
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => app.close());

  it('is announced as queued, acknowledged when its turn comes, and answered in full', async () => {
    const client = await connect();
    const first = await begin(client);
    const acks = ['two', 'three'].map((word) =>
      client.ask('user_message_stream', { text: `exactly: ${word}`, messageId: word }),
    );
    const waiting = [await queued(client), await queued(client, 2)];
    expect(waiting.map(({ position, userMessageId, seq }) => [position, userMessageId, seq])).toEqual([
      [1, 'two', 0],
      [2, 'three', 0],
    ]);
    const [second, third] = (await Promise.all(acks)).map(({ data }) => data);
    expect([second.runId, third.runId]).toEqual(waiting.map(({ runId }) => runId));
    expect(second).toMatchObject({ userMessageId: 'two', conversationId: first.conversationId, seq: 1 });
    await client.until(endOf(third.runId));
    expect([first, second, third].map(({ runId }) => client.textOf(runId))).toEqual([WORDS, 'two', 'three']);
    const order = client.received.filter(({ event }) => event === 'stream_start' || event === 'stream_end');
    expect(order.map(({ payload }) => payload.runId)).toEqual(
      [first, first, second, second, third, third].map(({ runId }) => runId),
    );
    const history = (await client.ask('get_history', {})).data;
    expect(history.map(({ content }: Payload) => content)).toEqual([
      `exactly: ${WORDS}`,
      WORDS,
      'exactly: two',
      'two',
      'exactly: three',
      'three',
    ]);
  });

  it('may be sent whole: its answer comes after the one before it', async () => {
    const client = await connect();
    const { runId } = await begin(client);
    expect(await client.ask('user_message', { text: 'exactly: later' })).toMatchObject({
      ok: true,
      data: { text: 'later' },
    });
    expect(client.of('stream_end', runId)).toHaveLength(1);
  });

  it('is stopped by name while it waits, and its sender gets the end of it', async () => {
    const client = await connect();
    const first = await begin(client);
    const ack = client.ask('user_message_stream', { text: 'exactly: never', messageId: 'never' });
    const { runId } = await queued(client);
    const stop = await client.ask('stop_stream', { runId });
    expect(stop).toEqual({ ok: true, data: { runId, status: 'cancelled', finalSeq: 1 } });
    expect(await client.until(endOf(runId))).toMatchObject({ finishReason: 'cancelled', lastIndex: -1, seq: 1 });
    expect((await ack).data).toMatchObject({ runId, seq: 0 });
    await client.until(endOf(first.runId));
    expect(client.textOf(first.runId)).toBe(WORDS);
    expect(client.of('stream_start', runId)).toEqual([]);
  });

  it('is what an unnamed stop means once nothing runs before it', async () => {
    const client = await connect();
    const first = await begin(client);
    void client.ask('user_message_stream', { text: `exactly: ${WORDS}`, messageId: 'second' });
    const { runId } = await queued(client);
    expect((await client.ask('stop_stream', {})).data).toMatchObject({ runId: first.runId, status: 'cancelled' });
    expect((await client.ask('stop_stream', {})).data).toMatchObject({ runId, status: 'cancelled' });
  });

  it('interrupts the answer where it asks for that', async () => {
    const client = await connect();
    const first = await begin(client);
    const { data } = await client.ask('user_message_stream', { text: 'exactly: rather this', onBusy: 'interrupt' });
    expect(await client.until(endOf(first.runId))).toMatchObject({ finishReason: 'cancelled' });
    await client.until(endOf(data.runId));
    expect(client.textOf(data.runId)).toBe('rather this');
    expect(await client.ask('user_message', { text: 'hi', onBusy: 'shout' })).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_ERROR' },
    });
  });

  it('is followed again after a drop, and by a resend of the same message', async () => {
    const before = await connect();
    await begin(before);
    before.send('user_message_stream', { text: 'exactly: still here', messageId: 'again' });
    const { runId, seq } = await queued(before);
    before.cut();
    await before.untilEvent('disconnect');
    const after = await connect({ sessionId: before.session.sessionId });
    expect(after.session.activeRun.runId).not.toBe(runId);
    await after.ask('resume_stream', { runId, afterSeq: seq });
    const ack = after.ask('user_message_stream', { text: 'exactly: still here', messageId: 'again' });
    await after.until(endOf(runId));
    expect((await ack).data).toMatchObject({ runId, seq: 1 });
    expect(after.textOf(runId)).toBe('still here');
    expect(after.of('stream_start', runId)).toHaveLength(1);
  });
});
