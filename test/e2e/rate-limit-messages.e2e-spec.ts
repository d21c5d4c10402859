import { setTimeout as pause } from 'node:timers/promises';
import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const codesOf = (acks: Payload[]): string[] => acks.map((ack) => (ack.ok ? 'ok' : ack.error.code));
const refusals = (acks: Payload[]): Payload[] => acks.filter((ack) => ack.error?.code === 'RATE_LIMIT_EXCEEDED');

describe('Talksy, with a limit of ten messages,', () => {
  let server: TestApp;
  let account: Account;
  let client: AssistantClient;

  beforeAll(async () => {
    server = await startTalksy({ RATE_LIMIT_ENABLED: 'true', AUTH_RATE_LIMIT_MAX_REQUESTS: '1000' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    account = await register(server.url);
    client = await AssistantClient.connect(server.url, account);
  });
  afterEach(() => client.close());

  const send = (count: number, from = client): Promise<Payload[]> =>
    Promise.all(
      Array.from({ length: count }, (_, i) => {
        return from.ask(i % 2 === 0 ? 'user_message' : 'user_message_stream', { text: `message ${i}` });
      }),
    );

  it('lets exactly ten of a hundred through that come at once, of both kinds together', async () => {
    const acks = await send(100);
    expect(refusals(acks)).toHaveLength(90);
    expect(codesOf(acks)).toContain('ok');
    const [{ error }] = refusals(acks);
    expect(error).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      message: expect.stringMatching(/^At most 10 messages at a time; try again in \d+ seconds\.$/),
    });
    expect([error.retryAfterMs > 50_000, error.retryAfterMs <= 60_000]).toEqual([true, true]);
  });

  it('says what is left from two messages before the end on, and with every refusal', async () => {
    await send(12);
    const told = client.of('rate_limit');
    expect(told.map(({ remaining, limit }) => [remaining, limit])).toEqual([
      [2, 10],
      [1, 10],
      [0, 10],
      [0, 10],
      [0, 10],
    ]);
    const inMs = Date.parse(told[0].resetAt) - Date.now();
    expect([inMs > 50_000, inMs <= 60_000]).toEqual([true, true]);
    expect(client.of('error').filter(({ code }) => code === 'RATE_LIMIT_EXCEEDED')).toHaveLength(2);
  });

  it('counts a user, not a connection, and no two users together', async () => {
    const second = await AssistantClient.connect(server.url, account);
    const other = await AssistantClient.connect(server.url, await register(server.url));
    const acks = (await Promise.all([send(20), send(20, second)])).flat();
    expect(refusals(acks)).toHaveLength(30);
    expect(refusals(await send(10, other))).toEqual([]);
    second.close();
    other.close();
  });

  it('does not count a message that is sent again', async () => {
    const messages = Array.from({ length: 20 }, () => {
      return client.ask('user_message', { text: 'the same', messageId: 'mine' });
    });
    const acks = await Promise.all(messages);
    const passed = acks.filter((ack) => ack.ok);
    expect(new Set(passed.map((ack) => ack.data.runId)).size).toBe(1);
    expect(refusals(await send(9))).toEqual([]);
    expect(refusals(await send(1))).toHaveLength(1);
  });

  it('counts nothing but messages', async () => {
    await Promise.all(Array.from({ length: 50 }, () => client.ask('get_session_info')));
    expect(client.of('rate_limit')).toEqual([]);
    expect(refusals(await send(10))).toEqual([]);
  });

  it('lets API keys have a limit of their own', async () => {
    const created = await fetch(`${server.url}/auth/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a program' }),
    });
    const { data } = (await created.json()) as Payload;
    const program = AssistantClient.dial(server.url, { apiKey: data.key });
    await program.untilEvent('SESSION_CREATED');
    await send(10);
    expect(refusals(await send(50, program))).toEqual([]);
    expect(refusals(await send(1))).toHaveLength(1);
    program.close();
  });
});

describe('Talksy, with a limit of one message,', () => {
  it('lets through who has waited as long as it said', async () => {
    const limits = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_MAX_REQUESTS: '1', RATE_LIMIT_WINDOW_MS: '1000' };
    const server = await startTalksy(limits);
    const client = await AssistantClient.connect(server.url, await register(server.url));
    const acks = [await client.ask('user_message', { text: 'one' }), await client.ask('user_message', { text: 'two' })];
    expect(codesOf(acks)).toEqual(['ok', 'RATE_LIMIT_EXCEEDED']);
    // Timers may fire a millisecond early.
    await pause(acks[1].error.retryAfterMs + 1);
    expect((await client.ask('user_message', { text: 'two' })).ok).toBe(true);
    client.close();
    await server.close();
  });
});
