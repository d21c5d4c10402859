import { type AuthApp, startAuthApp } from '../../support/auth-app.js';

describe('Talksy, and its API keys,', () => {
  let server: AuthApp;
  let counter = 0;
  const newPerson = async (): Promise<string> => {
    const credentials = { email: `person${counter++}@example.com`, password: 'correct horse' };
    return (await server.http.post('/auth/register').send(credentials).expect(201)).body.data.accessToken;
  };
  const as = (credential: string) => {
    const header = ['Authorization', `Bearer ${credential}`] as const;
    return {
      list: () => server.http.get('/auth/api-keys').set(...header),
      create: (body: object = {}) =>
        server.http
          .post('/auth/api-keys')
          .set(...header)
          .send(body),
      revoke: (id: string) => server.http.delete(`/auth/api-keys/${id}`).set(...header),
      me: () => server.http.get('/auth/me').set(...header),
    };
  };

  beforeAll(async () => void (server = await startAuthApp({ RATE_LIMIT_ENABLED: 'false' })));
  afterAll(() => server.app.close());

  it('shows one once, and keeps only what cannot be turned back', async () => {
    const person = as(await newPerson());
    const { body, headers } = await person.create({ name: 'laptop' }).expect(201);
    const { key, ...view } = body.data;
    expect(key).toMatch(/^tk_[\w-]{43}$/);
    expect(headers['cache-control']).toBe('no-store');
    expect(view).toEqual({
      id: expect.any(String),
      name: 'laptop',
      hint: key.slice(0, 7),
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: null,
      lastUsedAt: null,
    });
    expect((await person.list().expect(200)).body.data).toEqual([view]);
    expect(JSON.stringify([...(server.keys as unknown as { keys: Map<string, object> }).keys.values()])).not.toContain(
      key,
    );
    await as(key).me().expect(200);
    const [used] = (await person.list().expect(200)).body.data;
    expect(used.lastUsedAt).toBe(new Date(server.clock.now()).toISOString());
  });

  it('does not let a stolen one make others, list them, revoke them or change the account', async () => {
    const person = as(await newPerson());
    const { key, id } = (await person.create().expect(201)).body.data;
    const thief = as(key);
    for (const request of [thief.create(), thief.list(), thief.revoke(id)]) {
      expect((await request.expect(403)).body.message).toBe('An API key may not do this; sign in.');
    }
    const header = ['X-API-Key', key] as const;
    await server.http
      .delete('/auth/me')
      .set(...header)
      .expect(403);
    const passwords = { currentPassword: 'correct horse', newPassword: 'another horse' };
    await server.http
      .post('/auth/password')
      .set(...header)
      .send(passwords)
      .expect(403);
  });

  it('ends one at its time', async () => {
    const person = as(await newPerson());
    const expiresAt = new Date(server.clock.now() + 60_000).toISOString();
    const { key } = (await person.create({ name: 'short', expiresAt }).expect(201)).body.data;
    await as(key).me().expect(200);
    server.clock.advance(60_000);
    expect((await as(key).me().expect(401)).body).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('knows no key that it has not given', async () => {
    await as(`tk_${'x'.repeat(43)}`)
      .me()
      .expect(401);
    await server.http.get('/auth/me').set('X-API-Key', 'guess').expect(401);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'a\u0007b' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ])('refuses one with %j', async (body, field) => {
    const answer = await as(await newPerson())
      .create(body)
      .expect(400);
    expect(answer.body.details).toEqual([{ field, message: expect.stringContaining(field) }]);
  });
});
