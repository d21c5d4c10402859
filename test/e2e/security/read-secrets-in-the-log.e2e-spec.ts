import { AssistantClient, type Payload } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

const SECRETS = {
  password: 'canary-password-5b1d',
  wrong: 'canary-wrong-77aa',
  next: 'canary-next-password-90',
  root: 'canary-root-password-31',
  service: 'canaryservicekey0000000000000000000000',
};

describe('Talksy, keeping an audit log,', () => {
  let server: TestApp;
  let log = '';
  const lines = (): Payload[] =>
    log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Payload);
  const audited = (what: string) => lines().filter(({ audit }) => audit === what);
  const call = (route: [string, string], body?: object, credential?: string) =>
    rest(server.url, route, { ...(body && { body }), ...(credential && { credential }) });

  beforeAll(async () => {
    const logDestination = { write: (line: string) => void (log += line) };
    const env = {
      LOG_LEVEL: 'debug',
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: SECRETS.root,
      API_KEYS: `billing:${SECRETS.service}`,
      RATE_LIMIT_ENABLED: 'false',
    };
    server = await startTalksy(env, { logDestination });
  });
  afterAll(() => server.close());

  it('writes one line for each security event, and no secret into any', async () => {
    const credentials = { email: 'ada@example.com', password: SECRETS.password };
    const { body: made } = await call(['POST', '/auth/register'], credentials);
    await call(['POST', '/auth/login'], { ...credentials, password: SECRETS.wrong });
    const { body: login } = await call(['POST', '/auth/login'], credentials);
    const { accessToken, refreshToken, user } = made.data;
    const { body: fresh } = await call(['POST', '/auth/refresh'], { refreshToken });
    const { body: last } = await call(['POST', '/auth/refresh'], { refreshToken: fresh.data.refreshToken });
    await call(['POST', '/auth/refresh'], { refreshToken });
    const passwords = { currentPassword: SECRETS.password, newPassword: SECRETS.next };
    await call(['POST', '/auth/password'], passwords, login.data.accessToken);
    const { body: key } = await call(['POST', '/auth/api-keys'], { name: 'laptop' }, login.data.accessToken);
    await call(['DELETE', `/auth/api-keys/${key.data.id}`], undefined, login.data.accessToken);
    await call(['GET', '/auth/me'], undefined, key.data.key);
    await call(['GET', '/admin/users'], undefined, login.data.accessToken);
    const dialled = AssistantClient.dial(server.url, { token: accessToken });
    await dialled.untilEvent('connect_error');
    dialled.close();
    const { body: root } = await call(['POST', '/auth/login'], { email: 'root@example.com', password: SECRETS.root });
    await call(['PATCH', `/admin/users/${user.id}`], { disabled: false }, root.data.accessToken);
    await call(['POST', '/auth/logout'], { refreshToken: login.data.refreshToken });
    const { body: gone } = await call(['POST', '/auth/login'], { ...credentials, password: SECRETS.next });
    await call(['DELETE', '/auth/me'], undefined, gone.data.accessToken);

    const who = user.id;
    const email = credentials.email;
    const rootId = root.data.user.id;
    const expected: [what: string, result: string, facts: object][] = [
      ['admin.create', 'ok', { email: 'root@example.com' }],
      ['account.register', 'ok', { who, email }],
      ['account.login', 'UNAUTHORIZED', { who, email }],
      ['account.login', 'ok', { who, email }],
      ['token.refresh', 'ok', { who }],
      ['token.refresh', 'TOKEN_REUSED', { who }],
      ['account.change-password', 'ok', { who }],
      ['api-key.create', 'ok', { who, about: key.data.id }],
      ['api-key.revoke', 'ok', { who, about: key.data.id }],
      ['credential.check', 'UNAUTHORIZED', {}],
      ['role.require', 'FORBIDDEN', { who }],
      ['socket.connect', 'UNAUTHORIZED', {}],
      ['account.administer', 'ok', { who: rootId, about: who }],
      ['account.logout', 'ok', { who }],
      ['account.delete', 'ok', { who }],
    ];
    for (const [what, result, facts] of expected) {
      const from = what.startsWith('admin.') ? {} : { from: '127.0.0.1' };
      expect(audited(what)).toContainEqual(expect.objectContaining({ audit: what, result, ...from, ...facts }));
    }
    expect(audited('credential.check')).toHaveLength(1);
    for (const line of lines().filter(({ audit }) => audit)) expect(line.level).toBe('info');

    const told = [accessToken, refreshToken, key.data.key, fresh.data.refreshToken, last.data.accessToken];
    for (const secret of [...Object.values(SECRETS), ...told]) expect(log).not.toContain(secret);
  });

  it('says under which request an event happened', async () => {
    const { headers } = await call(['POST', '/auth/login'], { email: 'x@example.com', password: SECRETS.wrong });
    expect(audited('account.login').at(-1)).toMatchObject({
      requestId: headers.get('x-request-id'),
      email: 'x@example.com',
      result: 'UNAUTHORIZED',
    });
  });
});
