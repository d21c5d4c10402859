import { setImmediate as turn } from 'node:timers/promises';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

const WORDS = 'exactly: one two three four five six seven eight nine ten';

describe('A node that has enough to do', () => {
  let app: TestApp | undefined;
  let account: Account;
  let client: AssistantClient;

  const start = async (env: Record<string, string>): Promise<string> => {
    app = await startTalksy(env);
    account = await register(app.url);
    client = await AssistantClient.connect(app.url, account);
    return app.url;
  };
  /** A client that waits as long as it is told to, and asks again. */
  const askUntilTaken = async (): Promise<void> => {
    for (;;) {
      const ack = await client.ask('user_message', { text: 'exactly: now' });
      if (ack.ok) return;
      expect(ack.error).toMatchObject({ code: 'OVERLOADED', retryAfterMs: expect.any(Number) });
      await new Promise((resolve) => setTimeout(resolve, ack.error.retryAfterMs as number));
    }
  };
  afterEach(async () => {
    client.close();
    await app?.close();
  });

  it('refuses an answer more than it may write, at every door, and writes what it has begun', async () => {
    const url = await start({ RUN_MAX_ACTIVE_PER_NODE: '1', AI_MOCK_TOKEN_DELAY_MS: '40' });
    client.send('user_message_stream', { text: WORDS });
    const { runId } = await client.untilEvent('stream_chunk');
    const refusal = { code: 'OVERLOADED', retryAfterMs: 1000 };
    const chat = await rest(url, ['POST', '/api/conversations'], { credential: account.accessToken, body: {} });
    const [socket, rooms, openAi, trpc] = await Promise.all([
      client.ask('user_message_stream', { text: 'more', conversationId: 'another' }),
      rest(url, ['POST', '/api/chat'], { credential: account.accessToken, body: { message: 'more' } }),
      rest(url, ['POST', '/v1/chat/completions'], {
        credential: account.accessToken,
        body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'more' }] },
      }),
      rest(url, ['POST', '/trpc/editorChat.sendMessage'], {
        credential: account.accessToken,
        body: { chatId: chat.body.id, content: 'more' },
      }),
    ]);
    expect(socket).toMatchObject({ ok: false, error: refusal });
    expect(rooms).toMatchObject({ status: 503, body: refusal });
    expect(rooms.headers.get('retry-after')).toBe('1');
    expect(openAi).toMatchObject({ status: 503, body: { error: { code: 'overloaded', type: 'server_error' } } });
    expect(trpc).toMatchObject({ status: 503, body: { error: { data: { error: refusal } } } });
    expect(trpc.headers.get('retry-after')).toBe('1');
    await client.until((event, payload) => event === 'stream_end' && payload.runId === runId);
    expect(`exactly: ${client.textOf(runId)}`).toBe(WORDS);
    await within('room for another', askUntilTaken());
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('talksy_runs_refused_total{reason="active"} 4');
  });

  it.each([
    ['RUN_MAX_ACTIVE_PER_NODE', 'active'],
    ['RUN_MAX_STARTING', 'starting'],
  ])('refuses what is beyond %s of a burst before it has begun any of it', async (variable, reason) => {
    const url = await start({ [variable]: '3', RUN_MAX_CONCURRENT_PER_USER: '9', AI_MOCK_TOKEN_DELAY_MS: '40' });
    const acks = await Promise.all(
      Array.from({ length: 8 }, () =>
        client.ask('user_message_stream', { text: 'exactly: one two three', conversationId: null }),
      ),
    );
    const codes = acks.map(({ ok, error }) => (ok ? 'taken' : error.code));
    expect(codes).toEqual([...Array<string>(3).fill('taken'), ...Array<string>(5).fill('OVERLOADED')]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`talksy_runs_refused_total{reason="${reason}"} 5`);
  });

  it('refuses messages while its event loop is late again and again, and takes them when it is not', async () => {
    await start({ RUN_MAX_LAG_MS: '100' });
    for (let i = 0; i < 6; i++) {
      const end = performance.now() + 500;
      while (performance.now() < end);
      await turn();
      await turn();
    }
    expect(await client.ask('user_message', { text: 'exactly: late' })).toMatchObject({
      error: { code: 'OVERLOADED' },
    });
    await within('the node taking messages again', askUntilTaken());
  });
});
