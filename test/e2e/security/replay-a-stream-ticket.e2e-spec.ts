import { type Account, AssistantClient, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

/** What a browser's EventSource can do: a GET without headers. */
describe('A stream ticket', () => {
  let app: TestApp;
  let account: Account;
  let chatId: string;

  const ticketFor = async (credential: string): Promise<string> => {
    const { status, body } = await rest(app.url, ['POST', '/auth/stream-ticket'], { credential });
    expect([status, body.data.expiresIn]).toEqual([201, 30]);
    return body.data.ticket as string;
  };
  const open = async (ticket: string, path = 'test-sse', init: RequestInit = {}) => {
    const response = await fetch(`${app.url}/api/editorChat/${path}?ticket=${encodeURIComponent(ticket)}`, init);
    return { status: response.status, text: await response.text() };
  };

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '15' });
    account = await register(app.url);
    const client = await AssistantClient.connect(app.url, account);
    chatId = (await client.stream('exactly: told to who may listen')).start.conversationId;
    client.close();
  }, 60_000);
  afterAll(() => app.close());

  it('opens one stream, and not a second', async () => {
    const ticket = await ticketFor(account.accessToken);
    const asked = await fetch(`${app.url}/api/editorChat/stream/${chatId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Tell me something long.' }),
    });
    await asked.body!.cancel();
    const first = await open(ticket, `stream/${chatId}`);
    expect(first.status).toBe(200);
    expect(first.text).toContain('"type":"content"');
    expect(first.text).toContain('[DONE]');
    expect(await open(ticket)).toMatchObject({ status: 401, text: expect.stringContaining('UNAUTHORIZED') });
  });

  it('opens one of many that are asked for at once', async () => {
    const ticket = await ticketFor(account.accessToken);
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(ticket)));
    expect(opened.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(401)]);
  });

  it('is to be had with an API key, and ends with it', async () => {
    const credential = account.accessToken;
    const made = await rest(app.url, ['POST', '/auth/api-keys'], { credential, body: { name: 'reader' } });
    const [used, late] = [await ticketFor(made.body.data.key), await ticketFor(made.body.data.key)];
    expect((await open(used, 'test-sse')).status).toBe(200);
    await rest(app.url, ['DELETE', `/auth/api-keys/${made.body.data.id}`], { credential });
    expect((await open(late, 'test-sse')).status).toBe(401);
  });

  it('ends with the sign-in that it was issued for', async () => {
    const other = await register(app.url);
    const ticket = await ticketFor(other.accessToken);
    await rest(app.url, ['POST', '/auth/logout'], { body: { refreshToken: other.refreshToken } });
    expect((await open(ticket, 'test-sse')).status).toBe(401);
  });

  it("opens nothing of somebody else's", async () => {
    const other = await register(app.url);
    expect((await open(await ticketFor(other.accessToken), `stream/${chatId}`)).status).toBe(404);
  });

  it('does nothing but read, is no access token, and an access token is no ticket', async () => {
    const ticket = await ticketFor(account.accessToken);
    const body = JSON.stringify({ content: 'exactly: no' });
    const headers = { 'content-type': 'application/json' };
    expect((await open(ticket, `stream/${chatId}`, { method: 'POST', body, headers })).status).toBe(401);
    expect((await rest(app.url, ['GET', '/auth/me'], { credential: ticket })).status).toBe(401);
    expect((await fetch(`${app.url}/auth/me?ticket=${ticket}`)).status).toBe(401);
    expect((await open(account.accessToken)).status).toBe(401);
    expect((await open('x'.repeat(9000))).status).toBe(401);
  });

  it('is not sent together with a credential, nor twice', async () => {
    const ticket = await ticketFor(account.accessToken);
    const headers = { authorization: `Bearer ${account.accessToken}` };
    expect((await open(ticket, 'test-sse', { headers })).status).toBe(401);
    expect((await fetch(`${app.url}/api/editorChat/test-sse?ticket=${ticket}&ticket=${ticket}`)).status).toBe(401);
    expect((await open(ticket)).status).toBe(200);
  });
});
