import { AssistantClient, type Payload, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

describe('Talksy, where nobody has to sign in,', () => {
  let server: TestApp;
  const guest = async (auth: object = {}): Promise<AssistantClient> => {
    const client = AssistantClient.dial(server.url, auth);
    await client.until((event) => event.startsWith('SESSION_'));
    return client;
  };

  beforeAll(async () => void (server = await startTalksy({ AUTH_REQUIRED: 'false' })));
  afterAll(() => server.close());

  it('gives a guest a token, by which and by nothing else the guest comes back', async () => {
    const first = await guest();
    const { sessionId, guestToken } = first.session;
    expect((await first.stream('exactly: welcome')).text).toBe('welcome');
    first.close();
    const stranger = await guest({ sessionId });
    expect(stranger.of('SESSION_RESTORED')).toEqual([]);
    expect(stranger.session.guestToken).not.toBe(guestToken);
    const back = await guest({ token: guestToken, sessionId });
    const [restored] = back.of('SESSION_RESTORED');
    expect(restored.history.map(({ content }: Payload) => content)).toEqual(['exactly: welcome', 'welcome']);
    expect(restored).not.toHaveProperty('guestToken');
    stranger.close();
    back.close();
  });

  it('lets a guest in over HTTP, with the token in a header', async () => {
    const { body, headers } = await rest(server.url, ['GET', '/auth/me']);
    expect(body.data).toMatchObject({ role: 'guest', email: expect.stringMatching(/@guest\.invalid$/) });
    const token = headers.get('x-guest-token')!;
    const again = await rest(server.url, ['GET', '/auth/me'], { credential: token });
    expect([again.body.data, again.headers.get('x-guest-token')]).toEqual([body.data, null]);
    const client = await guest({ token });
    expect(client.session).not.toHaveProperty('guestToken');
    client.close();
  });

  it('takes no forged token for none at all', async () => {
    const { status } = await rest(server.url, ['GET', '/auth/me'], { credential: 'forged' });
    expect(status).toBe(401);
    const client = AssistantClient.dial(server.url, { token: 'forged' });
    expect((await client.untilEvent('connect_error')).data.code).toBe('UNAUTHORIZED');
    client.close();
  });

  it('lets a guest change no account and make no key, and nobody administer anything', async () => {
    const { headers } = await rest(server.url, ['GET', '/auth/me']);
    const credential = headers.get('x-guest-token')!;
    const passwords = { currentPassword: 'correct horse', newPassword: 'another horse' };
    for (const [route, body] of [
      [['POST', '/auth/api-keys'], {}],
      [['POST', '/auth/password'], passwords],
      [['DELETE', '/auth/me'], undefined],
      [['GET', '/admin/users'], undefined],
    ] as [[string, string], object | undefined][]) {
      const { status } = await rest(server.url, route, { credential, ...(body && { body }) });
      expect([route, status]).toEqual([route, 403]);
    }
    const { email } = (await rest(server.url, ['GET', '/auth/me'], { credential })).body.data;
    const login = await rest(server.url, ['POST', '/auth/login'], { body: { email, password: 'undefined' } });
    expect(login.status).toBe(400);
  });

  it('still knows those who do sign in', async () => {
    const client = await AssistantClient.connect(server.url, await register(server.url));
    expect(client.session).not.toHaveProperty('guestToken');
    client.close();
  });
});

describe('Talksy, counting what guests do,', () => {
  let server: TestApp;
  const env = {
    AUTH_REQUIRED: 'false',
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_MAX_REQUESTS: '2',
    AUTH_RATE_LIMIT_MAX_REQUESTS: '3',
  };

  beforeAll(async () => void (server = await startTalksy(env)));
  afterAll(() => server.close());

  it('counts an address, not the guest that it says it is this time', async () => {
    const clients: AssistantClient[] = [];
    for (let i = 0; i < 3; i++) {
      const client = AssistantClient.dial(server.url, {});
      await client.untilEvent('SESSION_CREATED');
      clients.push(client);
    }
    const acks = [];
    for (const client of clients) acks.push(await client.ask('user_message', { text: 'exactly: hello' }));
    expect(acks.map(({ ok, error }) => (ok ? 'ok' : error.code))).toEqual(['ok', 'ok', 'RATE_LIMIT_EXCEEDED']);
    const fourth = AssistantClient.dial(server.url, {});
    expect((await fourth.untilEvent('connect_error')).data).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    for (const client of [...clients, fourth]) client.close();
  });
});
