import { type Account, AssistantClient, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

const POISONS = [
  '{"__proto__":{"role":"admin"}',
  '{"constructor":{"prototype":{"role":"admin"}}',
  '{"a":{"b":[{"__proto__":{}}]}',
];

describe('Talksy, sent keys that reach into prototypes,', () => {
  let server: TestApp;
  let account: Account;

  beforeAll(async () => {
    server = await startTalksy({
      RATE_LIMIT_ENABLED: 'false',
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: 'correct horse',
    });
    account = await register(server.url);
  });
  afterAll(async () => {
    expect(({} as { role?: string }).role).toBeUndefined();
    await server.close();
  });

  it('refuses them in every body', async () => {
    const { body: root } = await rest(server.url, ['POST', '/auth/login'], {
      body: { email: 'root@example.com', password: 'correct horse' },
    });
    const routes: [method: string, path: string, fields: string, credential?: string][] = [
      ['POST', '/auth/register', '"email":"a@example.com","password":"correct horse"'],
      ['POST', '/auth/login', `"email":"${account.email}","password":"correct horse battery"`],
      ['POST', '/auth/refresh', '"refreshToken":"x"'],
      ['POST', '/auth/logout', '"refreshToken":"x"'],
      ['POST', '/auth/password', '"currentPassword":"x","newPassword":"another horse"', account.accessToken],
      ['POST', '/auth/api-keys', '"name":"x"', account.accessToken],
      ['PATCH', `/admin/users/${root.data.user.id}`, '"role":"admin"', root.data.accessToken],
    ];
    for (const [method, path, fields, credential] of routes) {
      for (const poison of POISONS) {
        const body = `${poison},${fields}}`;
        const answer = await rest(server.url, [method, path], { body, ...(credential && { credential }) });
        expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'VALIDATION_ERROR']);
        expect(answer.body.message).toMatch(/must not have a key named/);
      }
    }
  });

  it('refuses them in every event', async () => {
    const client = await AssistantClient.connect(server.url, account);
    const events = [
      'user_message',
      'user_message_stream',
      'stop_stream',
      'resume_stream',
      'get_history',
      'authenticate',
    ];
    for (const event of events) {
      for (const poison of POISONS) {
        const payload = { text: 'x', runId: 'x', token: 'x', ...JSON.parse(`{"more":${poison}}}`) };
        const ack = await client.ask(event, payload);
        expect([event, ack.ok, ack.error?.code]).toEqual([event, false, 'VALIDATION_ERROR']);
      }
    }
    expect((await client.ask('get_session_info')).ok).toBe(true);
    client.close();
  });

  it('drops what a body must not set', async () => {
    const body = { email: 'eve@example.com', password: 'correct horse', role: 'admin', disabled: true, id: 'x' };
    const { body: made } = await rest(server.url, ['POST', '/auth/register'], { body });
    expect(made.data.user).toMatchObject({ email: 'eve@example.com', role: 'user' });
  });
});
