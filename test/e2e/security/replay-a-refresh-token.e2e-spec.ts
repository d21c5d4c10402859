import { AssistantClient, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

describe('Talksy, given a refresh token that was used before,', () => {
  let server: TestApp;
  const refresh = (refreshToken: string) => rest(server.url, ['POST', '/auth/refresh'], { body: { refreshToken } });
  const me = async (credential: string) => (await rest(server.url, ['GET', '/auth/me'], { credential })).status;

  beforeAll(async () => void (server = await startTalksy({ RATE_LIMIT_ENABLED: 'false' })));
  afterAll(() => server.close());

  it('makes one lineage of ten exchanges at once, in a real database', async () => {
    const { refreshToken } = await register(server.url);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const successors = new Set(answers.map(({ body }) => body.data.refreshToken));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0])).status).toBe(200);
  });

  it('ends the whole sign-in, sockets and all, when its successor has been used too', async () => {
    const account = await register(server.url);
    const client = await AssistantClient.connect(server.url, account);
    const next = (await refresh(account.refreshToken)).body.data;
    const last = (await refresh(next.refreshToken)).body.data;
    expect(await me(last.accessToken)).toBe(200);
    expect((await refresh(account.refreshToken)).body.code).toBe('TOKEN_REUSED');
    await client.until((event) => event === 'disconnect');
    expect(await me(last.accessToken)).toBe(401);
    expect((await refresh(last.refreshToken)).body.code).toBe('UNAUTHORIZED');
  });

  it('gives a thief and the owner who race no second lineage', async () => {
    const { refreshToken } = await register(server.url);
    const next = (await refresh(refreshToken)).body.data.refreshToken;
    const answers = await Promise.all([refreshToken, next, refreshToken, next].map((token) => refresh(token)));
    const codes = answers.map(({ status, body }) => (status === 200 ? 'ok' : body.code));
    const given = answers.filter(({ status }) => status === 200).map(({ body }) => body.data.refreshToken);
    expect(new Set([...given, next]).size).toBeLessThanOrEqual(2);
    // Whatever came first, the first token is worth nothing afterwards.
    expect((await refresh(refreshToken)).body.code).toBe('TOKEN_REUSED');
    for (const code of codes) expect(['ok', 'TOKEN_REUSED', 'UNAUTHORIZED']).toContain(code);
  });

  it('gives nothing after a logout, neither for it nor for its successor', async () => {
    const { refreshToken } = await register(server.url);
    const next = (await refresh(refreshToken)).body.data;
    await rest(server.url, ['POST', '/auth/logout'], { body: { refreshToken: next.refreshToken } });
    for (const token of [next.refreshToken, refreshToken]) {
      expect((await refresh(token)).body.code).toBe('UNAUTHORIZED');
    }
    expect(await me(next.accessToken)).toBe(401);
  });

  it('takes no access token and no API key for one', async () => {
    const { accessToken } = await register(server.url);
    expect((await refresh(accessToken)).body.code).toBe('UNAUTHORIZED');
    expect((await refresh('tk_something')).body.code).toBe('UNAUTHORIZED');
  });
});
