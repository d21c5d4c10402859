import { ChatConnection } from '../../../src/client/chat-connection.js';
import { RestClient } from '../../../src/client/rest-client.js';
import { TokenSource } from '../../../src/client/token-source.js';
import { AssistantClient, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';
import { within } from '../../support/within.js';

const isEnd = (event: string) => event === 'disconnect';

describe('Talksy, with a connection whose token is about to end,', () => {
  let server: TestApp;
  const refresh = async (refreshToken: string) =>
    (await rest(server.url, ['POST', '/auth/refresh'], { body: { refreshToken } })).body.data;

  beforeAll(async () => void (server = await startTalksy({ JWT_ACCESS_EXPIRY: '2s' })));
  afterAll(() => server.close());

  it('warns it, then says that the token has expired, and closes it', async () => {
    const account = await register(server.url);
    const client = await AssistantClient.connect(server.url, account);
    const { expiresAt } = await client.untilEvent('token_expiring');
    await client.until(isEnd);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(client.of('error')).toEqual([expect.objectContaining({ code: 'TOKEN_EXPIRED' })]);
  });

  it('keeps it open with a new token, and everything that goes on in it', async () => {
    const account = await register(server.url);
    const client = await AssistantClient.connect(server.url, account);
    const { expiresAt: firstEnd } = await client.untilEvent('token_expiring');
    const { accessToken } = await refresh(account.refreshToken);
    const ack = await client.ask('authenticate', { token: accessToken });
    expect(ack).toEqual({ ok: true, data: { expiresAt: expect.any(String) } });
    expect(Date.parse(ack.data.expiresAt)).toBeGreaterThan(Date.parse(firstEnd));
    await client.until((event, payload) => event === 'token_expiring' && payload.expiresAt === ack.data.expiresAt);
    expect((await client.stream('exactly: still here')).text).toBe('still here');
    client.close();
  });

  it('keeps its own chat client connected through one token after another', async () => {
    const account = await register(server.url);
    const api = new RestClient(server.url);
    const third = Promise.withResolvers<void>();
    let refreshed = 0;
    const refreshing = async (token: string) => {
      const pair = await api.refresh(token);
      if (++refreshed === 3) third.resolve();
      return pair;
    };
    const complaints: unknown[] = [];
    const note = (what?: unknown) => void complaints.push(what);
    const tokens = new TokenSource({ refresh: refreshing }, { ...account, expiresIn: 2 });
    const listener = { onLost: note, onRestored: note, onClosed: note, onServerError: note };
    const chat = new ChatConnection(server.url, tokens, listener);
    await chat.open();
    await within('the third refresh', third.promise, 15_000);
    const end = await chat.send('exactly: never interrupted', { onText: () => {}, onReplaced: () => {} });
    expect([end.finishReason, complaints]).toEqual(['stop', []]);
    chat.close();
  });

  it('takes no token of somebody else, and no forged one, and leaves the connection as it was', async () => {
    const [account, other] = [await register(server.url), await register(server.url)];
    const client = await AssistantClient.connect(server.url, account);
    const ask = async (token: unknown) => (await client.ask('authenticate', { token })).error.code;
    expect(await ask(other.accessToken)).toBe('FORBIDDEN');
    expect(await ask(`${account.accessToken}x`)).toBe('UNAUTHORIZED');
    expect(await ask(7)).toBe('VALIDATION_ERROR');
    expect((await client.ask('get_session_info')).ok).toBe(true);
    await client.until(isEnd);
    expect(client.of('error').at(-1)).toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('refuses a new connection with the ended token, and lets one in with its successor', async () => {
    const account = await register(server.url);
    const first = await AssistantClient.connect(server.url, account);
    await first.until(isEnd);
    const late = AssistantClient.dial(server.url, { token: account.accessToken });
    expect((await late.untilEvent('connect_error')).data).toMatchObject({ code: 'TOKEN_EXPIRED' });
    late.close();
    const { accessToken } = await refresh(account.refreshToken);
    const back = await AssistantClient.connect(server.url, { ...account, accessToken });
    back.close();
  });
});
