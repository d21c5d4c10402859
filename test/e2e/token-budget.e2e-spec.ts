import { AssistantClient, register } from '../support/assistant-client.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('With a daily budget of tokens, Talksy', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTalksy({ USER_DAILY_TOKEN_BUDGET: '400', AI_MAX_TOKENS: '60' });
  }, 60_000);
  afterAll(() => app.close());

  it('answers until the day’s tokens are gone, and then says when to come back', async () => {
    const client = await AssistantClient.connect(app.url, await register(app.url));
    let used = 0;
    for (let answers = 0; ; answers++) {
      const { ok, data, error } = await client.ask('user_message', { text: 'Tell me something' });
      if (!ok) {
        expect(answers).toBeGreaterThan(1);
        expect(error).toMatchObject({ code: 'TOKEN_BUDGET_EXCEEDED', retryAfterMs: expect.any(Number) });
        break;
      }
      used += data.usage.totalTokens;
      expect(used).toBeLessThanOrEqual(400);
    }
    client.close();
  });

  it('tells users what they used, of the day and of a conversation, and others nothing', async () => {
    const account = await register(app.url);
    const { accessToken: credential } = account;
    const client = await AssistantClient.connect(app.url, account);
    const { data } = await client.ask('user_message', { text: 'hello' });
    client.close();
    const { totalTokens, promptTokens, completionTokens } = data.usage;
    const totals = { runs: 1, promptTokens, completionTokens, totalTokens, estimated: false };
    expect((await rest(app.url, ['GET', '/usage'], { credential })).body.data).toEqual({
      today: totals,
      total: totals,
      budget: { dailyTokens: 400, usedTokens: totalTokens, reservedTokens: 0 },
    });
    const path = `/usage/conversations/${data.conversationId}`;
    expect((await rest(app.url, ['GET', path], { credential })).body.data).toEqual(totals);
    expect(await rest(app.url, ['GET', path], { credential: (await register(app.url)).accessToken })).toMatchObject({
      status: 404,
      body: { code: 'CONVERSATION_NOT_FOUND' },
    });
    expect((await rest(app.url, ['GET', '/usage'])).status).toBe(401);
  });

  it('holds it though many ask at once, and lets others be', async () => {
    const client = await AssistantClient.connect(app.url, await register(app.url));
    const asked = Array.from({ length: 12 }, (_, n) =>
      client.ask('user_message', { text: `question ${n}`, conversationId: undefined }),
    );
    const answers = await Promise.all(asked);
    const used = answers.reduce((sum, { ok, data }) => sum + (ok ? data.usage.totalTokens : 0), 0);
    expect(used).toBeLessThanOrEqual(400);
    client.close();
    const other = await AssistantClient.connect(app.url, await register(app.url));
    expect((await other.ask('user_message', { text: 'hello' })).ok).toBe(true);
    other.close();
  });
});
