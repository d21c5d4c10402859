import { type AuthApp, startAuthApp } from '../../support/auth-app.js';

const MINUTE_MS = 60_000;
const PASSWORD = 'correct horse';

describe('Talksy, whose passwords are guessed,', () => {
  let server: AuthApp;
  let counter = 0;
  const attempt = (email: string, password: string, from: string) =>
    server.http.post('/auth/login').set('X-Forwarded-For', from).send({ email, password });
  const newAccount = async (from = '198.51.100.1') => {
    const email = `person${counter++}@example.com`;
    const request = server.http.post('/auth/register').set('X-Forwarded-For', from);
    await request.send({ email, password: PASSWORD }).expect(201);
    return email;
  };
  const guess = async (email: string, times: number, from: string) => {
    const answers = await Promise.all(Array.from({ length: times }, (_, i) => attempt(email, `guess ${i}`, from)));
    return answers.filter(({ status }) => status === 401).length;
  };

  beforeAll(async () => void (server = await startAuthApp({ TRUST_PROXY: '1', RATE_LIMIT_ENABLED: 'false' })));
  afterAll(() => server.app.close());
  beforeEach(() => server.clock.advance(61 * MINUTE_MS));

  it('lets an attacker try ten times a minute, however many come at once, and not a right guess more', async () => {
    const email = await newAccount();
    expect(await guess(email, 40, '203.0.113.1')).toBe(10);
    const { body, headers } = await attempt(email, PASSWORD, '203.0.113.1').expect(429);
    expect(body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', retryAfterMs: MINUTE_MS });
    expect(headers['retry-after']).toBe('60');
    server.clock.advance(MINUTE_MS);
    expect(await guess(email, 40, '203.0.113.1')).toBe(10);
  });

  it('never has the owner wait for what an attacker does from elsewhere', async () => {
    const email = await newAccount();
    for (let i = 0; i < 15; i++) await guess(email, 10, `203.0.113.${i}`);
    await attempt(email, PASSWORD, '198.51.100.1').expect(200);
    await attempt(email, PASSWORD, '192.0.2.7').expect(200);
  });

  it('costs a stranger a second where an account is guessed at from everywhere, and a known address nothing', async () => {
    const email = await newAccount();
    await attempt(email, PASSWORD, '198.51.100.1').expect(200);
    for (let i = 0; i < 20; i++) await guess(email, 10, `203.0.113.${i}`);
    const begun = performance.now();
    await attempt(email, PASSWORD, '198.51.100.1').expect(200);
    const known = performance.now() - begun;
    await attempt(email, PASSWORD, '192.0.2.7').expect(200);
    expect(performance.now() - begun - known).toBeGreaterThanOrEqual(990);
    expect(known).toBeLessThan(900);
    const burst = await Promise.all(
      Array.from({ length: 12 }, (_, i) => attempt(email, 'guess', `192.0.2.${100 + i}`)),
    );
    expect(burst.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('stops an address that tries one password on many accounts', async () => {
    const codes: number[] = [];
    for (let i = 0; i < 102; i++) {
      codes.push((await attempt(`victim${i}@example.com`, 'guess', '203.0.113.200')).status);
    }
    expect(codes.filter((status) => status === 401)).toHaveLength(100);
    expect(codes.at(-1)).toBe(429);
  });

  it('holds nobody up who knows the password', async () => {
    const email = await newAccount();
    for (let i = 0; i < 30; i++) await attempt(email, PASSWORD, '198.51.100.1').expect(200);
  });

  it('limits who guesses with a stolen token, too', async () => {
    const email = await newAccount();
    const { body } = await attempt(email, PASSWORD, '198.51.100.1').expect(200);
    const change = () =>
      server.http
        .post('/auth/password')
        .set('Authorization', `Bearer ${body.data.accessToken}`)
        .set('X-Forwarded-For', '203.0.113.1')
        .send({ currentPassword: 'guess', newPassword: 'another horse' });
    for (let i = 0; i < 10; i++) await change().expect(401);
    await change().expect(429);
  });

  it('takes no password that is guessed first, and none that is cut', async () => {
    const register = async (password: string) => {
      const email = `fresh${counter++}@example.com`;
      return (await server.http.post('/auth/register').send({ email, password })).body;
    };
    for (const password of ['password', 'Password1', '1234567890', 'QWERTYUIOP']) {
      expect(await register(password)).toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'password', message: expect.stringContaining('common') }],
      });
    }
    const own = { email: 'ada.lovelace@example.com' };
    for (const password of [own.email, 'Ada.Lovelace']) {
      const { body } = await server.http
        .post('/auth/register')
        .send({ ...own, password })
        .expect(400);
      expect(body.details).toEqual([{ field: 'password', message: 'password must not be the email' }]);
    }
    for (const password of ['x'.repeat(73), 'ü'.repeat(37), 'seven77', '\ud800lone surrogate']) {
      expect(await register(password)).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'password' }] });
    }
    expect(await register('ü'.repeat(36))).toMatchObject({ success: true });
  });

  it('takes no longer password than it compares', async () => {
    const email = await newAccount();
    const { body } = await attempt(email, `${PASSWORD}${'x'.repeat(72)}`, '198.51.100.1').expect(400);
    expect(body.details).toEqual([{ field: 'password', message: expect.stringContaining('72 bytes') }]);
  });
});
