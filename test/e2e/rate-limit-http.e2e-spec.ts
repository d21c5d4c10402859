import type { Account, Payload } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const LIMITS = {
  RATE_LIMIT_ENABLED: 'true',
  HTTP_RATE_LIMIT_MAX_REQUESTS: '10',
  AUTH_RATE_LIMIT_MAX_REQUESTS: '5',
  TRUST_PROXY: '1',
};

let addresses = 0;
/** Every test comes from addresses of its own, as the trusted proxy tells. */
const newAddress = (): string => `198.51.100.${++addresses}`;

describe('Talksy, with limits over HTTP,', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTalksy(LIMITS);
  });
  afterAll(() => server.close());

  const call = (path: string, from: string, init: RequestInit = {}): Promise<Response> =>
    fetch(server.url + path, { ...init, headers: { 'x-forwarded-for': from, ...init.headers } });
  const statuses = async (calls: Promise<Response>[]): Promise<number[]> =>
    (await Promise.all(calls)).map(({ status }) => status);
  const times = (count: number, work: () => Promise<Response>): Promise<Response>[] =>
    Array.from({ length: count }, work);
  const login = (from: string, path = '/auth/login'): Promise<Response> =>
    call(path, from, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'not the password' }),
    });
  const signIn = async (from: string): Promise<Account> => {
    const answer = await call('/auth/register', from, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `user-${from}@example.com`, password: 'correct horse battery' }),
    });
    return ((await answer.json()) as Payload).data;
  };
  const me = (from: string, credential: string): Promise<Response> =>
    call('/auth/me', from, { headers: { authorization: `Bearer ${credential}` } });

  it('lets exactly ten of a hundred requests of an address through that come at once', async () => {
    const from = newAddress();
    const answers = await statuses(times(100, () => call('/nowhere', from)));
    expect(answers.filter((status) => status === 404)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(90);
    expect((await call('/nowhere', newAddress())).status).toBe(404);
  });

  it('tells what is left, and when to come again', async () => {
    const from = newAddress();
    const first = await call('/nowhere', from);
    expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual(['10', '9']);
    expect(Number(first.headers.get('ratelimit-reset'))).toBe(900);
    await Promise.all(times(9, () => call('/nowhere', from)));
    const refused = await call('/nowhere', from, { headers: { origin: 'http://localhost:5173' } });
    const body = (await refused.json()) as Payload;
    expect(body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', requestId: refused.headers.get('x-request-id') });
    expect([body.retryAfterMs > 890_000, body.retryAfterMs <= 900_000]).toEqual([true, true]);
    expect(refused.headers.get('retry-after')).toBe(String(Math.ceil(body.retryAfterMs / 1000)));
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    expect(refused.headers.get('access-control-expose-headers')).toContain('RateLimit-Reset');
  });

  it('counts users who are signed in by themselves, with ten times as much', async () => {
    const from = newAddress();
    const { accessToken } = await signIn(newAddress());
    await Promise.all(times(20, () => call('/nowhere', from)));
    const answers = await statuses(times(150, () => me(from, accessToken)));
    expect(answers.filter((status) => status === 200)).toHaveLength(100);
    expect((await me(newAddress(), accessToken)).headers.get('ratelimit-limit')).toBe('100');
  });

  it('counts a false credential for its address', async () => {
    const from = newAddress();
    const answers = await statuses(times(30, () => me(from, `forged-${Math.random()}`)));
    expect(answers.filter((status) => status === 401)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(20);
  });

  it.each(['/auth/login', '/AUTH/Login/', '/auth/register', '/auth/refresh'])(
    'lets an address sign in five times, at %s',
    async (path) => {
      const from = newAddress();
      const answers = await statuses(times(20, () => login(from, path)));
      expect(answers.filter((status) => status !== 429)).toHaveLength(5);
      expect((await login(from)).headers.get('ratelimit-limit')).toBe('5');
      expect((await call('/nowhere', from)).status).toBe(404);
    },
  );

  it('never counts who asks how it is, or how a page may call it', async () => {
    const from = newAddress();
    const exempt = [
      '/health',
      '/health/live',
      '/health/ready',
      '/health/detailed',
      '/metrics',
      '/docs',
      '/playground/a',
    ];
    const answers = await statuses(exempt.flatMap((path) => times(5, () => call(path, from))));
    expect(answers).not.toContain(429);
    const preflight = { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' };
    await Promise.all(times(30, () => call('/auth/login', from, { method: 'OPTIONS', headers: preflight })));
    expect((await call('/nowhere', from)).headers.get('ratelimit-remaining')).toBe('9');
  });

  it('refuses before it reads a body', async () => {
    const from = newAddress();
    await Promise.all(times(10, () => call('/nowhere', from)));
    const answer = await call('/nowhere', from, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"broken',
    });
    expect(answer.status).toBe(429);
  });

  it('believes the trusted proxy only, however much is claimed', async () => {
    const from = newAddress();
    const claims = (i: number): string => `203.0.113.${i}, 10.0.0.${i}, ${from}`;
    const answers = await statuses(Array.from({ length: 20 }, (_, i) => call('/nowhere', claims(i))));
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    const answers = await statuses(Array.from({ length: 20 }, (_, i) => call('/nowhere', `2001:db8:7:7::${i + 1}`)));
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
    expect((await call('/nowhere', '2001:db8:7:8::1')).status).toBe(404);
  });
});

describe('Talksy, that trusts no proxy,', () => {
  it('counts connections, whatever they claim to come from', async () => {
    const server = await startTalksy({ ...LIMITS, TRUST_PROXY: 'false' });
    const calls = Array.from({ length: 20 }, (_, i) => {
      return fetch(`${server.url}/nowhere`, { headers: { 'x-forwarded-for': `203.0.113.${i}` } });
    });
    const answers = (await Promise.all(calls)).map(({ status }) => status);
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
    await server.close();
  });
});

describe('Talksy, without limits,', () => {
  it('counts nothing, and says nothing of limits', async () => {
    const server = await startTalksy({ ...LIMITS, RATE_LIMIT_ENABLED: 'false' });
    const answers = await Promise.all(Array.from({ length: 30 }, () => fetch(`${server.url}/nowhere`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(answers[0]?.headers.get('ratelimit-limit')).toBeNull();
    await server.close();
  });
});
