import type { Payload } from '../../support/assistant-client.js';
import { type AuthApp, startAuthApp } from '../../support/auth-app.js';
import { FirstAdmin } from '../../../src/auth/admin/first-admin.service.js';

const ROOT = { email: 'root@example.com', password: 'correct horse of the root' };
const ENV = { ADMIN_EMAIL: 'Root@Example.com', ADMIN_PASSWORD: ROOT.password, RATE_LIMIT_ENABLED: 'false' };

describe('Talksy, and who may administer it,', () => {
  let server: AuthApp;
  let root: Payload;
  let counter = 0;
  const login = async (credentials: object) =>
    (await server.http.post('/auth/login').send(credentials).expect(200)).body.data;
  const newPerson = async () => {
    const credentials = { email: `person${counter++}@example.com`, password: 'correct horse' };
    return (await server.http.post('/auth/register').send(credentials).expect(201)).body.data;
  };
  const list = (token: string, query = '') =>
    server.http.get(`/admin/users${query}`).set('Authorization', `Bearer ${token}`);
  const change = (id: string, body: object, token: string = root.accessToken) =>
    server.http.patch(`/admin/users/${id}`).set('Authorization', `Bearer ${token}`).send(body);

  beforeAll(async () => {
    server = await startAuthApp({ ...ENV, API_KEYS: `billing:${'k'.repeat(32)}` });
    root = await login(ROOT);
  });
  afterAll(() => server.app.close());

  it('makes the first admin at start, once, whatever the number of nodes', async () => {
    expect(root.user).toMatchObject({ email: ROOT.email, role: 'admin' });
    const admin = server.app.get(FirstAdmin);
    await Promise.all([admin.onApplicationBootstrap(), admin.onApplicationBootstrap()]);
    const { body } = await list(root.accessToken).expect(200);
    expect(body.data.filter(({ role }: Payload) => role === 'admin')).toHaveLength(1);
  });

  it('promotes an account that has the password, and nobody who took the address before', async () => {
    const other = await startAuthApp();
    for (const [email, password, role] of [
      ['owner@example.com', 'correct horse', 'admin'],
      ['squatter@example.com', 'another horse', 'user'],
    ] as const) {
      await other.http.post('/auth/register').send({ email, password }).expect(201);
      const admin = other.app.get(FirstAdmin);
      Object.assign(admin, { config: { admin: { email, password: 'correct horse' } } });
      await admin.onApplicationBootstrap();
      const { body } = await other.http.post('/auth/login').send({ email, password }).expect(200);
      expect([email, body.data.user.role]).toEqual([email, role]);
    }
    await other.app.close();
  });

  it('does not give up at start because another node was faster', async () => {
    const other = await startAuthApp();
    const admin = other.app.get(FirstAdmin);
    Object.assign(admin, { config: { admin: ROOT } });
    const find = other.users.findByEmail.bind(other.users);
    await admin.onApplicationBootstrap();
    other.users.findByEmail = async () => undefined;
    other.users.insert = async () => undefined;
    await admin.onApplicationBootstrap();
    expect(await find(ROOT.email)).toMatchObject({ role: 'admin' });
    other.users.insert = async () => Promise.reject(new Error('no database'));
    await expect(admin.onApplicationBootstrap()).rejects.toThrow('no database');
    await other.app.close();
  });

  it('refuses everybody else, and says nothing of who is there', async () => {
    const { accessToken, user } = await newPerson();
    for (const request of [list(accessToken), change(user.id, { role: 'admin' }, accessToken)]) {
      expect((await request.expect(403)).body).toMatchObject({ code: 'FORBIDDEN' });
    }
    await server.http.get('/admin/users').expect(401);
    await server.http.get('/admin/users').set('X-API-Key', 'k'.repeat(32)).expect(403);
  });

  it('takes a new admin’s word at once, and an old one’s no more', async () => {
    const { accessToken, user } = await newPerson();
    await list(accessToken).expect(403);
    const { body } = await change(user.id, { role: 'admin' }).expect(200);
    expect(body.data).toMatchObject({ id: user.id, role: 'admin', disabled: false });
    await list(accessToken).expect(200);
    await change(user.id, { role: 'user' }).expect(200);
    await list(accessToken).expect(403);
  });

  it('does not let the last admin demote, disable or delete itself', async () => {
    for (const body of [{ role: 'user' }, { disabled: true }, { role: 'user', disabled: true }]) {
      expect((await change(root.user.id, body).expect(409)).body.code).toBe('CONFLICT');
    }
    await server.http.delete('/auth/me').set('Authorization', `Bearer ${root.accessToken}`).expect(409);
    await list(root.accessToken).expect(200);
  });

  it('lists accounts page by page', async () => {
    for (let i = 0; i < 3; i++) await newPerson();
    const seen: Payload[] = [];
    let next: string | undefined = '?limit=2';
    while (next) {
      const page: Payload = await list(root.accessToken, next).expect(200);
      const { body, headers } = page;
      expect(body.data.length).toBeLessThanOrEqual(2);
      seen.push(...body.data);
      next = /<\/admin\/users(\?[^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1];
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ email }) => email)).toEqual(expect.arrayContaining([ROOT.email, 'billing@service.invalid']));
    expect(JSON.stringify(seen)).not.toMatch(/hash/i);
  });

  it.each([
    ['a role that nobody can be given', { role: 'root' }, 'role must be user or admin'],
    ['a state that is none', { disabled: 'yes' }, 'disabled must be true or false'],
  ])('refuses %s', async (_what, body, message) => {
    expect((await change(root.user.id, body).expect(400)).body).toMatchObject({ code: 'VALIDATION_ERROR', message });
  });

  it('refuses a page that is none', async () => {
    for (const query of ['?limit=0', '?limit=x', '?cursor=x']) await list(root.accessToken, query).expect(400);
  });

  it('changes nobody who is not there, and no role of a service', async () => {
    expect((await change('nobody', { disabled: true }).expect(404)).body.code).toBe('NOT_FOUND');
    expect((await change('nobody', { role: 'user' }).expect(404)).body.code).toBe('NOT_FOUND');
    const { body } = await list(root.accessToken).expect(200);
    const service = body.data.find(({ role }: Payload) => role === 'service');
    expect((await change(service.id, { role: 'admin' }).expect(409)).body.message).toContain('service');
    const disabled = await change(service.id, { disabled: true }).expect(200);
    expect(disabled.body.data).toMatchObject({ role: 'service', disabled: true });
    await server.http.get('/auth/me').set('X-API-Key', 'k'.repeat(32)).expect(403);
  });

  it('demotes and disables in one step', async () => {
    const { user } = await newPerson();
    await change(user.id, { role: 'admin' }).expect(200);
    const { body } = await change(user.id, { role: 'user', disabled: true }).expect(200);
    expect(body.data).toMatchObject({ role: 'user', disabled: true });
  });
});
