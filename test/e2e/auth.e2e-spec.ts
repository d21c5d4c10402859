import { newRowId } from '../../src/common/ids.js';
import { type AuthApp, startAuthApp, TEST_JWT_SECRET } from '../support/auth-app.js';
import { claimsOf, handMadeJwt } from '../support/hand-made-jwt.js';

const PASSWORD = 'correct horse';

describe('Talksy, asked for an account,', () => {
  let server: AuthApp;
  let counter = 0;
  const newEmail = () => `person${counter++}@example.com`;
  const register = async (email = newEmail()) =>
    (await server.http.post('/auth/register').send({ email, password: PASSWORD }).expect(201)).body.data;
  const me = (token: string) => server.http.get('/auth/me').set('Authorization', `Bearer ${token}`);

  beforeAll(async () => {
    server = await startAuthApp();
  });
  afterAll(() => server.app.close());

  it('registers it and signs it in', async () => {
    const { body, headers } = await server.http
      .post('/auth/register')
      .send({ email: '  Ada@Example.COM ', password: PASSWORD })
      .expect(201);
    const { user, ...pair } = body.data;
    expect(body).toEqual({
      success: true,
      data: expect.anything(),
      requestId: headers['x-request-id'],
      timestamp: new Date(server.clock.now()).toISOString(),
    });
    expect(user).toEqual({
      id: expect.any(String),
      email: 'ada@example.com',
      role: 'user',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      defaultOrgId: user.id,
    });
    expect(pair).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('puts what later checks need into the access token', async () => {
    const { user, accessToken } = await register();
    const seconds = Math.floor(server.clock.now() / 1000);
    expect(claimsOf(accessToken)).toEqual({
      iss: 'talksy',
      aud: 'talksy-api',
      sub: user.id,
      role: 'user',
      sid: expect.any(String),
      jti: expect.any(String),
      iat: seconds,
      exp: seconds + 900,
    });
  });

  it('signs in whoever knows the password, whatever the case of the email', async () => {
    const { user } = await register('grace@example.com');
    const { body } = await server.http
      .post('/auth/login')
      .send({ email: 'GRACE@example.com', password: PASSWORD })
      .expect(200);
    expect(body.data.user).toEqual(user);
    await me(body.data.accessToken).expect(200);
  });

  it('answers a wrong password and an unknown email alike', async () => {
    const email = newEmail();
    await register(email);
    const wrong = await server.http.post('/auth/login').send({ email, password: 'wrong' }).expect(401);
    const unknown = await server.http.post('/auth/login').send({ email: newEmail(), password: 'wrong' }).expect(401);
    expect(wrong.body).toEqual({ ...unknown.body, requestId: wrong.body.requestId });
    expect(wrong.body).toEqual({
      code: 'UNAUTHORIZED',
      message: 'The email or the password is wrong.',
      requestId: wrong.headers['x-request-id'],
    });
    expect(wrong.headers['www-authenticate']).toBe('Bearer');
  });

  it('gives an email to one of several who ask for it at once', async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => server.http.post('/auth/register').send({ email, password: PASSWORD })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    const refused = answers.filter(({ status }) => status === 409).map(({ body }) => body.code);
    expect(new Set(refused)).toEqual(new Set(['EMAIL_TAKEN']));
  });

  it('does not let anybody choose a role', async () => {
    const body = { email: newEmail(), password: PASSWORD, role: 'admin', id: newRowId() };
    const { body: answer } = await server.http.post('/auth/register').send(body).expect(201);
    expect(answer.data.user.role).toBe('user');
    expect(answer.data.user.id).not.toBe(body.id);
  });

  it('tells a signed-in caller who they are', async () => {
    const { user, accessToken } = await register();
    const { body } = await me(accessToken).expect(200);
    expect(body.data).toEqual(user);
  });

  it('ends a sign-in on logout, as often as it is asked to', async () => {
    const { accessToken, refreshToken } = await register();
    const ended: string[] = [];
    const unsubscribe = server.bus.subscribe('family.revoked', ({ familyId }) => ended.push(familyId));
    const first = await server.http.post('/auth/logout').send({ refreshToken }).expect(200);
    await server.http.post('/auth/logout').send({ refreshToken }).expect(200);
    await server.http.post('/auth/logout').send({ refreshToken: 'never seen' }).expect(200);
    unsubscribe();
    expect(first.body.data).toEqual({});
    expect(new Set(ended)).toEqual(new Set([claimsOf(accessToken).sid]));
    expect((await me(accessToken).expect(401)).body.code).toBe('UNAUTHORIZED');
    expect((await server.http.post('/auth/refresh').send({ refreshToken }).expect(401)).body.code).toBe('UNAUTHORIZED');
  });

  it('refuses the token of an account that is gone', async () => {
    const { user, accessToken, refreshToken } = await register();
    await server.users.delete(user.id);
    await server.bus.publish('account.ended', { userId: user.id, reason: 'deleted' });
    expect((await me(accessToken).expect(401)).body.code).toBe('UNAUTHORIZED');
    await server.http.post('/auth/refresh').send({ refreshToken }).expect(401);
  });

  it('refuses an access token from five seconds after its end on', async () => {
    const { accessToken } = await register();
    server.clock.advance(900_000 + 4999);
    await me(accessToken).expect(200);
    server.clock.advance(1);
    const { body } = await me(accessToken).expect(401);
    expect(body).toMatchObject({ code: 'TOKEN_EXPIRED', message: 'The access token has expired; refresh it.' });
  });

  it('refuses tokens that are not its own', async () => {
    const { accessToken } = await register();
    const claims = claimsOf(accessToken);
    const { exp: _exp, ...endless } = claims;
    const [header, payload, signature = ''] = accessToken.split('.');
    const forgeries = {
      'another key': handMadeJwt(claims, 'another secret that is long enough, too'),
      'alg none': handMadeJwt(claims, TEST_JWT_SECRET, { alg: 'none' }),
      'alg none, unsigned': handMadeJwt(claims, TEST_JWT_SECRET, { alg: 'none' }).replace(/[^.]*$/, ''),
      'alg HS512': handMadeJwt(claims, TEST_JWT_SECRET, { alg: 'HS512' }),
      'another audience': handMadeJwt({ ...claims, aud: 'elsewhere' }, TEST_JWT_SECRET),
      'another issuer': handMadeJwt({ ...claims, iss: 'elsewhere' }, TEST_JWT_SECRET),
      'no expiry': handMadeJwt(endless, TEST_JWT_SECRET),
      'a subject that is no id': handMadeJwt({ ...claims, sub: "' or true --" }, TEST_JWT_SECRET),
      'somebody else’s family': handMadeJwt({ ...claims, sub: newRowId() }, TEST_JWT_SECRET),
      'a cut signature': `${header}.${payload}.${signature.slice(0, -4)}`,
      garbage: 'garbage',
    };
    await me(handMadeJwt(claims, TEST_JWT_SECRET)).expect(200);
    for (const [what, token] of Object.entries(forgeries)) {
      const { status, body } = await me(token);
      expect([what, status, body.code]).toEqual([what, 401, 'UNAUTHORIZED']);
    }
  });

  it('asks a caller without a token to sign in', async () => {
    const { body } = await server.http.get('/auth/me').expect(401);
    expect(body).toMatchObject({ code: 'UNAUTHORIZED', message: 'Sign in first.' });
  });

  it('takes no token from the address or the body', async () => {
    const { accessToken } = await register();
    await server.http.get(`/auth/me?access_token=${accessToken}&token=${accessToken}`).expect(401);
    await server.http.get('/auth/me').set('Authorization', `Basic ${accessToken}`).expect(401);
  });

  it('keeps two servers of one process apart', async () => {
    const other = await startAuthApp();
    const { accessToken } = await register();
    await me(accessToken).expect(200);
    const { body } = await other.http.get('/auth/me').set('Authorization', `Bearer ${accessToken}`).expect(401);
    expect(body.code).toBe('UNAUTHORIZED');
    await other.app.close();
    await me(accessToken).expect(200);
  });
});
