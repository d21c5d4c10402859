import { type AuthApp, startAuthApp } from '../support/auth-app.js';
import { claimsOf } from '../support/hand-made-jwt.js';

describe('Talksy, given a refresh token,', () => {
  let server: AuthApp;
  let counter = 0;
  const refresh = (refreshToken: string) => server.http.post('/auth/refresh').send({ refreshToken });
  const me = (token: string) => server.http.get('/auth/me').set('Authorization', `Bearer ${token}`);
  const signIn = async () => {
    const account = { email: `person${counter++}@example.com`, password: 'correct horse' };
    return (await server.http.post('/auth/register').send(account).expect(201)).body.data;
  };
  const revoked = async (act: () => Promise<unknown>) => {
    const families: string[] = [];
    const unsubscribe = server.bus.subscribe('family.revoked', ({ familyId }) => families.push(familyId));
    await act();
    unsubscribe();
    return families;
  };

  beforeAll(async () => {
    server = await startAuthApp();
  });
  afterAll(() => server.app.close());

  it('gives a new pair of the same sign-in', async () => {
    const first = await signIn();
    const { body } = await refresh(first.refreshToken).expect(200);
    expect(body.data).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(body.data.refreshToken).not.toBe(first.refreshToken);
    const [before, after] = [first, body.data].map(({ accessToken }) => claimsOf(accessToken));
    expect(after?.sid).toBe(before?.sid);
    expect(after?.jti).not.toBe(before?.jti);
    await me(body.data.accessToken).expect(200);
  });

  it('gives the same successor again within ten seconds', async () => {
    const { refreshToken } = await signIn();
    const first = await refresh(refreshToken).expect(200);
    server.clock.advance(10_000);
    const second = await refresh(refreshToken).expect(200);
    expect(second.body.data.refreshToken).toBe(first.body.data.refreshToken);
    await refresh(first.body.data.refreshToken).expect(200);
  });

  it('ends the sign-in when a spent token comes back later', async () => {
    const { refreshToken, accessToken } = await signIn();
    const next = (await refresh(refreshToken).expect(200)).body.data;
    server.clock.advance(10_001);
    const ended = await revoked(async () => {
      expect((await refresh(refreshToken).expect(401)).body.code).toBe('TOKEN_REUSED');
    });
    expect(ended).toEqual([claimsOf(accessToken).sid]);
    expect((await me(next.accessToken).expect(401)).body.code).toBe('UNAUTHORIZED');
    expect((await refresh(next.refreshToken).expect(401)).body.code).toBe('UNAUTHORIZED');
  });

  it('ends the sign-in when a spent token comes back whose successor is spent', async () => {
    const { refreshToken } = await signIn();
    const next = (await refresh(refreshToken).expect(200)).body.data;
    const last = (await refresh(next.refreshToken).expect(200)).body.data;
    expect((await refresh(refreshToken).expect(401)).body.code).toBe('TOKEN_REUSED');
    await me(last.accessToken).expect(401);
  });

  it('makes one lineage of ten exchanges at once', async () => {
    const { refreshToken } = await signIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken).expect(200)));
    const successors = new Set(answers.map(({ body }) => body.data.refreshToken));
    expect(successors.size).toBe(1);
    await refresh([...successors][0]).expect(200);
  });

  it('lets a sign-in live for seven days after its last exchange, and no longer', async () => {
    const day = 86_400_000;
    const { refreshToken } = await signIn();
    server.clock.advance(7 * day - 1);
    const next = (await refresh(refreshToken).expect(200)).body.data;
    server.clock.advance(7 * day);
    const { body } = await refresh(next.refreshToken).expect(401);
    expect(body).toMatchObject({
      code: 'UNAUTHORIZED',
      message: 'This refresh token is no longer valid; log in again.',
    });
  });

  it('refuses one it has never given', async () => {
    expect((await refresh('made-up').expect(401)).body.code).toBe('UNAUTHORIZED');
  });
});
