import { AssistantClient, type Payload, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

const ADMIN = { email: 'root@example.com', password: 'a password of the first admin' };
const PASSWORD = 'correct horse battery';

describe('Talksy, when somebody must go,', () => {
  let server: TestApp;
  const call = (route: [string, string], credential?: string, body?: unknown) =>
    rest(server.url, route, { ...(credential !== undefined && { credential }), ...(body !== undefined && { body }) });
  const login = async (credentials: object) => (await call(['POST', '/auth/login'], undefined, credentials)).body;
  const me = async (credential: string) => {
    const { status, body } = await call(['GET', '/auth/me'], credential);
    return status === 200 ? 'welcome' : body.code;
  };
  /** How the connection was told to go. */
  const farewell = async (client: AssistantClient): Promise<Payload> => {
    await client.until((event) => event === 'disconnect');
    return client.of('error').at(-1)?.code;
  };
  const adminToken = async (): Promise<string> => (await login(ADMIN)).data.accessToken;

  beforeAll(async () => {
    server = await startTalksy({
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      AI_MOCK_TOKEN_DELAY_MS: '20',
      AI_MOCK_TOKENS: '500',
    });
  });
  afterAll(() => server.close());

  it('ends everything of a sign-in on logout, and nothing of another', async () => {
    const account = await register(server.url);
    const other = { ...account, ...(await login({ email: account.email, password: PASSWORD })).data };
    const [first, second] = [
      await AssistantClient.connect(server.url, account),
      await AssistantClient.connect(server.url, other),
    ];
    expect(await me(account.accessToken)).toBe('welcome');
    await call(['POST', '/auth/logout'], undefined, { refreshToken: account.refreshToken });
    expect(await farewell(first)).toBe('UNAUTHORIZED');
    expect(await me(account.accessToken)).toBe('UNAUTHORIZED');
    expect(await me(other.accessToken)).toBe('welcome');
    expect((await second.ask('get_session_info')).ok).toBe(true);
    second.close();
  });

  it('ends the other sign-ins when the password changes, and keeps the one that changed it', async () => {
    const account = await register(server.url);
    const other = { ...account, ...(await login({ email: account.email, password: PASSWORD })).data };
    const [mine, theirs] = [
      await AssistantClient.connect(server.url, account),
      await AssistantClient.connect(server.url, other),
    ];
    const change = (body: object) => call(['POST', '/auth/password'], account.accessToken, body);
    expect((await change({ currentPassword: 'wrong', newPassword: 'another horse battery' })).status).toBe(401);
    const common = await change({ currentPassword: PASSWORD, newPassword: 'Password1' });
    expect(common.body).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'newPassword' }] });
    expect((await change({ currentPassword: PASSWORD, newPassword: 'x'.repeat(73) })).status).toBe(400);
    expect((await change({ currentPassword: PASSWORD, newPassword: 'another horse battery' })).body.data).toEqual({});
    expect(await farewell(theirs)).toBe('UNAUTHORIZED');
    expect(await me(other.accessToken)).toBe('UNAUTHORIZED');
    expect((await call(['POST', '/auth/refresh'], undefined, { refreshToken: other.refreshToken })).status).toBe(401);
    expect((await mine.ask('get_session_info')).ok).toBe(true);
    expect(await me(account.accessToken)).toBe('welcome');
    expect((await login({ email: account.email, password: PASSWORD })).code).toBe('UNAUTHORIZED');
    expect((await login({ email: account.email, password: 'another horse battery' })).success).toBe(true);
    mine.close();
  });

  it('deletes an account with everything of it, and stops what it was being told', async () => {
    const account = await register(server.url);
    const client = await AssistantClient.connect(server.url, account);
    const { data: start } = await client.ask('user_message_stream', { text: 'Tell me a long story.' });
    const { body: made } = await call(['POST', '/auth/api-keys'], account.accessToken, { name: 'laptop' });
    expect(await me(made.data.key)).toBe('welcome');
    expect((await call(['DELETE', '/auth/me'], made.data.key)).body.code).toBe('FORBIDDEN');
    expect((await call(['DELETE', '/auth/me'], account.accessToken)).body.data).toEqual({});
    expect(await farewell(client)).toBe('UNAUTHORIZED');
    for (const credential of [account.accessToken, made.data.key]) expect(await me(credential)).toBe('UNAUTHORIZED');
    expect((await call(['POST', '/auth/refresh'], undefined, { refreshToken: account.refreshToken })).status).toBe(401);
    expect((await login({ email: account.email, password: PASSWORD })).code).toBe('UNAUTHORIZED');
    // The address is free again, and what comes under it is somebody new.
    const { body } = await call(['POST', '/auth/register'], undefined, { email: account.email, password: PASSWORD });
    const again = await AssistantClient.connect(server.url, body.data, { sessionId: client.session.sessionId });
    expect(again.of('SESSION_RESTORED')).toEqual([]);
    expect((await again.ask('resume_stream', { runId: start.runId })).error.code).toBe('RUN_NOT_FOUND');
    expect((await again.ask('get_history', { conversationId: start.conversationId })).error.code).toBe(
      'CONVERSATION_NOT_FOUND',
    );
    await expectNoRuns();
    again.close();
  });

  it('ends everything of an account at once when an admin disables it, and lets it back in later', async () => {
    const account = await register(server.url);
    const client = await AssistantClient.connect(server.url, account);
    const { body: made } = await call(['POST', '/auth/api-keys'], account.accessToken, {});
    const byKey = AssistantClient.dial(server.url, { apiKey: made.data.key });
    await byKey.untilEvent('SESSION_CREATED');
    await client.ask('user_message_stream', { text: 'Tell me a long story.' });
    expect(await me(account.accessToken)).toBe('welcome');
    const path: [string, string] = ['PATCH', `/admin/users/${(account as Payload).user.id}`];
    const root = await adminToken();
    const { body: view } = await call(path, root, { disabled: true });
    expect(view.data).toMatchObject({ email: account.email, disabled: true });
    for (const socket of [client, byKey]) expect(await farewell(socket)).toBe('ACCOUNT_DISABLED');
    for (const credential of [account.accessToken, made.data.key]) {
      expect(await me(credential)).toBe('ACCOUNT_DISABLED');
      const refused = AssistantClient.dial(server.url, { token: credential });
      expect((await refused.untilEvent('connect_error')).data.code).toBe('ACCOUNT_DISABLED');
      refused.close();
    }
    const { body: refreshed } = await call(['POST', '/auth/refresh'], undefined, {
      refreshToken: account.refreshToken,
    });
    expect(refreshed.code).toBe('ACCOUNT_DISABLED');
    expect((await login({ email: account.email, password: PASSWORD })).code).toBe('ACCOUNT_DISABLED');
    expect((await login({ email: account.email, password: 'wrong' })).code).toBe('UNAUTHORIZED');
    await expectNoRuns();
    await call(path, root, { disabled: false });
    expect(await me(account.accessToken)).toBe('UNAUTHORIZED');
    expect((await login({ email: account.email, password: PASSWORD })).success).toBe(true);
    expect(await me(made.data.key)).toBe('welcome');
  });

  it('closes the sockets of an API key that is revoked, and of no other', async () => {
    const account = await register(server.url);
    const make = async () => (await call(['POST', '/auth/api-keys'], account.accessToken, { name: 'key' })).body.data;
    const [first, second] = [await make(), await make()];
    const [one, two] = [first, second].map(({ key }) => AssistantClient.dial(server.url, { apiKey: key }));
    for (const client of [one!, two!]) await client.untilEvent('SESSION_CREATED');
    const stranger = await register(server.url);
    const revoke = (token: string) => call(['DELETE', `/auth/api-keys/${first.id}`], token);
    expect((await revoke(stranger.accessToken)).body.code).toBe('NOT_FOUND');
    expect((await revoke(account.accessToken)).body.data).toEqual({});
    expect((await revoke(account.accessToken)).body.code).toBe('NOT_FOUND');
    expect(await farewell(one!)).toBe('UNAUTHORIZED');
    expect(await me(first.key)).toBe('UNAUTHORIZED');
    expect((await two!.ask('get_session_info')).ok).toBe(true);
    two!.close();
  });

  async function expectNoRuns(): Promise<void> {
    for (;;) {
      const { body } = await call(['GET', '/health/detailed']);
      if (body.checks.runs.active === 0) return;
    }
  }
});
