import { io } from 'socket.io-client';
import { type Account, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

const ALLOWED = 'https://chat.example.com';
const FOREIGN = 'https://evil.example.com';

describe.each([
  ['of its list', { CORS_ORIGIN: `${ALLOWED}, https://other.example.com` }],
  ['of its list, in production', { CORS_ORIGIN: ALLOWED, NODE_ENV: 'production', JWT_SECRET: 's'.repeat(32) }],
])('Talksy, called by pages %s,', (_name, env) => {
  let server: TestApp;
  let account: Account;

  beforeAll(async () => {
    server = await startTalksy(env);
    account = await register(server.url);
  });
  afterAll(() => server.close());

  const preflight = (path: string, origin: string): Promise<Response> =>
    fetch(server.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  /** `connected`, or the code with which it was refused. */
  const connect = async (origin: string | undefined, transports: string[]): Promise<string> => {
    const extraHeaders: Record<string, string> = origin === undefined ? {} : { origin };
    const auth = { token: account.accessToken };
    const socket = io(server.url, { auth, transports, extraHeaders, reconnection: false, forceNew: true });
    const outcome = new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', (error: Error & { data?: Payload }) => resolve(error.data?.code ?? error.message));
    });
    return within('an outcome', outcome).finally(() => socket.disconnect());
  };

  it.each(['/auth/login', '/auth/me', '/auth/api-keys', '/api/chat', '/v1/responses', '/socket.io/'])(
    'lets them send Authorization and Content-Type to %s',
    async (path) => {
      const { status, headers } = await preflight(path, ALLOWED);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(ALLOWED);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
      expect(headers.get('vary')).toContain('Origin');
    },
  );

  it.each([FOREIGN, 'null', 'https://chat.example.com.evil.example', 'http://chat.example.com'])(
    'tells a page of %s nothing',
    async (origin) => {
      const answers = [await preflight('/auth/login', origin), await fetch(`${server.url}/`, { headers: { origin } })];
      for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
      const polling = `${server.url}/socket.io/?EIO=4&transport=polling`;
      const opened = await fetch(polling, { headers: { origin } });
      expect(opened.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it.each([[['websocket']], [['polling']]])('opens sockets over %s for those origins only', async (transports) => {
    expect(await connect(ALLOWED, transports)).toBe('connected');
    expect(await connect(FOREIGN, transports)).toBe('FORBIDDEN');
    expect(await connect('null', transports)).toBe('FORBIDDEN');
  });

  it('opens sockets for its own pages, and for what is no page', async () => {
    expect(await connect(server.url, ['websocket'])).toBe('connected');
    expect(await connect(undefined, ['websocket'])).toBe('connected');
  });
});
