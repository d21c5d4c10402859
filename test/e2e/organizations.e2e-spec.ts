import { type Account, type Payload, register } from '../support/assistant-client.js';
import { type Answer, rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const MISSING = '019a0000-0000-7000-8000-000000000000';

describe('Organizations and projects', () => {
  let app: TestApp;
  let [owner, other]: Account[] = [];
  const call = (as: Account, method: string, path: string, body?: unknown): Promise<Answer> =>
    rest(app.url, [method, `/api${path}`], { body, credential: as.accessToken });
  const idOf = async (as: Account): Promise<string> =>
    (await rest(app.url, ['GET', '/auth/me'], { credential: as.accessToken })).body.data.defaultOrgId;
  const make = async (path: string, body: object): Promise<string> => (await call(owner!, 'POST', path, body)).body.id;

  beforeAll(async () => void (app = await startTalksy({ HTTP_RATE_LIMIT_MAX_REQUESTS: '100000' })), 60_000);
  beforeEach(async () => void ([owner, other] = [await register(app.url), await register(app.url)]));
  afterAll(() => app.close());

  it('gives everybody a personal organization, theirs alone', async () => {
    const id = await idOf(owner!);
    const personal = { id, personal: true, role: 'owner', permissions: ['read', 'write', 'deploy', 'admin'] };
    expect((await call(owner!, 'GET', '/organizations')).body).toMatchObject([personal]);
    expect((await call(owner!, 'GET', `/organizations/${id}`)).body).toMatchObject(personal);
    expect((await call(owner!, 'DELETE', `/organizations/${id}`)).status).toBe(409);
    const member = { email: other!.email, role: 'viewer' };
    expect((await call(owner!, 'POST', `/organizations/${id}/members`, member)).status).toBe(409);
    expect((await call(owner!, 'DELETE', `/organizations/${id}/members/${id}`)).status).toBe(409);
    const project = await call(owner!, 'POST', '/projects', { name: 'Mine' });
    expect(project).toMatchObject({ status: 201, body: { orgId: id, name: 'Mine', role: 'owner' } });
    await make('/conversations', { title: 'Personal' });
    await make('/conversations', { title: 'Of the project', projectId: project.body.id });
    const titles = (await call(owner!, 'GET', `/conversations?orgId=${id}`)).body.map(({ title }: Payload) => title);
    expect(titles).toEqual(['Of the project', 'Personal']);
  });

  it('lets members do in it what their role says, also with its conversations', async () => {
    const orgId = await make('/organizations', { name: 'Acme' });
    const id = await make('/conversations', { title: 'Plans', orgId });
    const otherId = await idOf(other!);
    expect((await call(other!, 'GET', `/conversations/${id}`)).status).toBe(404);
    const attempts = async () => [
      (await call(other!, 'GET', `/conversations/${id}`)).status,
      (await call(other!, 'PATCH', `/conversations/${id}`, { title: 'New plans' })).status,
      (await call(other!, 'POST', '/conversations', { orgId })).status,
      (await call(other!, 'POST', '/projects', { name: 'P', orgId })).status,
      (await call(other!, 'PATCH', `/organizations/${orgId}`, { name: 'Acme Inc.' })).status,
      (await call(other!, 'DELETE', `/conversations/${id}/members/${MISSING}`)).status,
    ];
    await call(owner!, 'POST', `/organizations/${orgId}/members`, { email: other!.email, role: 'viewer' });
    expect(await attempts()).toEqual([200, 403, 403, 403, 403, 403]);
    await call(owner!, 'PATCH', `/organizations/${orgId}/members/${otherId}`, { role: 'editor' });
    expect(await attempts()).toEqual([200, 200, 201, 201, 403, 403]);
    await call(owner!, 'PATCH', `/organizations/${orgId}/members/${otherId}`, { role: 'admin' });
    expect(await attempts()).toEqual([200, 200, 201, 201, 200, 404]);
    const ownerPath = `/organizations/${orgId}/members/${await idOf(owner!)}`;
    expect((await call(other!, 'PATCH', ownerPath, { role: 'viewer' })).status).toBe(403);
    expect((await call(other!, 'DELETE', ownerPath)).status).toBe(403);
    const self = { role: 'owner' };
    expect((await call(other!, 'PATCH', `/organizations/${orgId}/members/${otherId}`, self)).status).toBe(403);
    expect((await call(other!, 'GET', `/organizations/${orgId}/members`)).body).toMatchObject([
      { role: 'owner', permissions: ['read', 'write', 'deploy', 'admin'] },
      { email: other!.email, role: 'admin' },
    ]);
    expect((await call(other!, 'GET', `/conversations?orgId=${orgId}`)).body).toHaveLength(3);
    expect((await call(other!, 'DELETE', `/organizations/${orgId}/members/${otherId}`)).status).toBe(200);
    expect((await call(other!, 'GET', `/organizations/${orgId}`)).status).toBe(404);
    expect((await call(other!, 'GET', `/conversations/${id}`)).status).toBe(404);
    expect((await call(owner!, 'DELETE', `/organizations/${orgId}`)).body.message).toBe(
      'Organization deleted successfully',
    );
    expect((await call(owner!, 'GET', `/conversations/${id}`)).body).toMatchObject({ title: 'New plans' });
  });

  it('has projects with members of their own', async () => {
    const orgId = await make('/organizations', { name: 'Acme' });
    const projectId = await make('/projects', { name: 'Rocket', orgId });
    const inside = await make('/conversations', { title: 'Inside', projectId });
    const outside = await make('/conversations', { title: 'Outside', orgId });
    const added = { email: other!.email, role: 'editor' };
    expect((await call(owner!, 'POST', `/projects/${projectId}/members`, added)).body).toMatchObject([added]);
    expect((await call(other!, 'GET', '/projects')).body).toMatchObject([{ id: projectId, orgId, role: 'editor' }]);
    expect((await call(other!, 'GET', `/conversations?projectId=${projectId}`)).body).toMatchObject([{ id: inside }]);
    expect((await call(other!, 'PATCH', `/conversations/${inside}`, { title: 'Seen' })).status).toBe(200);
    expect((await call(other!, 'GET', `/conversations/${outside}`)).status).toBe(404);
    expect((await call(other!, 'GET', `/projects?orgId=${orgId}`)).status).toBe(404);
    const move = { projectId };
    expect((await call(owner!, 'PATCH', `/conversations/${outside}`, move)).body).toMatchObject({ orgId, projectId });
    expect((await call(other!, 'GET', `/conversations/${outside}`)).status).toBe(200);
    expect((await call(other!, 'PATCH', `/conversations/${outside}`, { orgId: null })).status).toBe(403);
    expect((await call(owner!, 'DELETE', `/projects/${projectId}/members/${await idOf(other!)}`)).status).toBe(200);
    expect((await call(other!, 'GET', `/conversations/${inside}`)).status).toBe(404);
    expect((await call(owner!, 'GET', `/projects?orgId=${orgId}`)).body).toHaveLength(1);
    expect((await call(owner!, 'DELETE', `/projects/${projectId}`)).status).toBe(200);
  });

  it('keeps an owner, and says what is malformed or missing', async () => {
    const [orgId, id] = [await make('/organizations', { name: 'Acme' }), await idOf(owner!)];
    for (const [method, path, body] of [
      ['PATCH', `/organizations/${orgId}/members/${id}`, { role: 'viewer' }],
      ['DELETE', `/organizations/${orgId}/members/${id}`, undefined],
    ] as const) {
      expect(await call(owner!, method, path, body)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    }
    for (const [path, body] of [
      ['/organizations', { name: '' }],
      ['/projects', { name: 'x', orgId: 'none' }],
      [`/organizations/${orgId}/members`, { role: 'king', userId: id }],
      [`/organizations/${orgId}/members`, { role: 'viewer' }],
    ] as const) {
      expect(await call(owner!, 'POST', path, body)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    }
    const answers = (group: string) =>
      Promise.all([
        call(other!, 'GET', group),
        call(other!, 'PATCH', group, { name: 'x' }),
        call(other!, 'DELETE', group),
        call(other!, 'GET', `${group}/members`),
        call(other!, 'POST', `${group}/members`, { email: owner!.email, role: 'viewer' }),
      ]).then((all) => all.map(({ status, body }) => [status, body.code, body.message]));
    for (const kind of ['organizations', 'projects']) {
      const theirs = kind === 'projects' ? await make('/projects', { name: 'P', orgId }) : orgId;
      const foreign = await answers(`/${kind}/${theirs}`);
      expect(foreign).toEqual(foreign.map(() => [404, 'NOT_FOUND', expect.any(String)]));
      expect(await answers(`/${kind}/${MISSING}`)).toEqual(foreign);
      expect(await answers(`/${kind}/none`)).toEqual(foreign);
    }
    expect((await call(other!, 'POST', '/conversations', { orgId })).status).toBe(404);
    expect(
      (await call(owner!, 'POST', `/organizations/${orgId}/members`, { userId: MISSING, role: 'viewer' })).status,
    ).toBe(404);
  });
});
