import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { type Answer, rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const MISSING = '019a0000-0000-7000-8000-000000000000';

describe('Conversations over REST', () => {
  let app: TestApp;
  let account: Account;
  let client: AssistantClient;
  const clients: AssistantClient[] = [];
  const connect = async (as: Account) => {
    clients.push(await AssistantClient.connect(app.url, as));
    return clients.at(-1)!;
  };
  const call = (method: string, path: string, body?: unknown, as = account): Promise<Answer> =>
    rest(app.url, [method, `/api/conversations${path}`], { body, credential: as.accessToken });
  const me = async (as: Account): Promise<Payload> =>
    (await rest(app.url, ['GET', '/auth/me'], { credential: as.accessToken })).body.data;
  const contents = ({ body }: Answer) => body.messages.map(({ content }: Payload) => content);

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '5', HTTP_RATE_LIMIT_MAX_REQUESTS: '100000' });
  }, 60_000);
  beforeEach(async () => {
    account = await register(app.url);
    client = await connect(account);
  });
  afterEach(() => clients.splice(0).forEach((one) => one.close()));
  afterAll(() => app.close());

  it('are made, found, changed, sorted away and deleted for good', async () => {
    const made = await call('POST', '', { id: 'my-own_id', title: 'First', temperature: 0.5, unknown: 1 });
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'my-own_id', title: 'First', messageCount: 0, model: null },
    });
    expect(await call('POST', '', { id: 'my-own_id' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const text = `exactly: ${'a long story '.repeat(8)}`;
    const { start, end } = await client.stream(text);
    const id = start.conversationId;
    const list = await call('GET', '');
    expect(list.body.map(({ title }: Payload) => title)).toEqual([`${text.slice(0, 50)}...`, 'First']);
    expect(await call('GET', `/${id}`)).toMatchObject({
      status: 200,
      body: { role: 'owner', messages: [{ role: 'user' }, { id: start.messageId }], usage: end.usage },
    });
    const page = await call('GET', '?limit=1');
    const [, next] = /^<\/api\/conversations(\?.+)>; rel="next"$/.exec(page.headers.get('link')!)!;
    expect((await call('GET', next!)).body).toMatchObject([{ id: 'my-own_id' }]);
    expect((await call('GET', '?q=story')).body).toMatchObject([{ id }]);
    expect(await call('PATCH', `/${id}`, { title: 'Renamed', archived: true })).toMatchObject({
      status: 200,
      body: { title: 'Renamed', archived: true },
    });
    expect((await call('GET', '')).body).toHaveLength(1);
    expect((await call('GET', '?archived=true')).body).toMatchObject([{ id }]);
    expect(await call('DELETE', `/${id}`)).toMatchObject({
      status: 200,
      body: { message: 'Conversation deleted successfully' },
    });
    for (const method of ['GET', 'DELETE']) {
      expect(await call(method, `/${id}`)).toMatchObject({ status: 404, body: { code: 'CONVERSATION_NOT_FOUND' } });
    }
    expect((await client.ask('resume_stream', { runId: start.runId })).error.code).toBe('RUN_NOT_FOUND');
  });

  it('stop what they are saying when they are deleted', async () => {
    const { data } = await client.ask('user_message_stream', { text: `exactly: ${'word '.repeat(500)}` });
    void client.ask('user_message_stream', { text: 'exactly: never' });
    await client.untilEvent('stream_queued');
    expect((await call('DELETE', `/${data.conversationId}`)).status).toBe(200);
    expect(await client.until((event) => event === 'stream_end')).toMatchObject({ finishReason: 'cancelled' });
    expect((await call('GET', `/${data.conversationId}`)).status).toBe(404);
  });

  it('give their model, temperature and system prompt to each answer', async () => {
    const settings = { model: 'mock-1', temperature: 0, systemPrompt: 'code word: heron' };
    const { body } = await call('POST', '', settings);
    expect(body).toMatchObject(settings);
    const { text } = await client.stream('What is the code word?', { conversationId: body.id });
    expect(text).toContain('heron');
    const invalid = [
      { temperature: 2.1 },
      { temperature: 'hot' },
      { title: '' },
      { model: 'no-such-model' },
      { archived: 1 },
    ];
    for (const change of invalid) {
      const refused = await call('PATCH', `/${body.id}`, change);
      expect(refused).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
      expect(refused.body.message).toContain(Object.keys(change)[0]);
    }
    expect((await call('PATCH', `/${body.id}`, { systemPrompt: null, model: null })).body).toMatchObject({
      model: null,
      systemPrompt: null,
      temperature: 0,
    });
    for (const query of ['?limit=0', '?cursor=x', '?archived=maybe', '?orgId=x']) {
      expect((await call('GET', query)).body.code).toBe('VALIDATION_ERROR');
    }
  });

  it('are forked, branched and written anew, and leave the house as documents', async () => {
    const first = await client.stream('exactly: one');
    const id = first.start.conversationId;
    await client.stream('exactly: two');
    const again = await call('POST', `/${id}/messages/${first.start.messageId}/regenerate`, {});
    expect(again).toMatchObject({
      status: 200,
      body: { message: { content: 'one', role: 'assistant' }, conversation: { id, messageCount: 2 } },
    });
    expect(again.body.message.id).not.toBe(first.start.messageId);
    const branch = await call('POST', `/${id}/branch`, { messageId: first.start.messageId });
    expect([branch.status, contents(branch)]).toEqual([200, ['exactly: one', 'one', 'exactly: two', 'two']]);
    const fork = await call('POST', `/${id}/fork`, { messageId: first.start.messageId });
    expect([fork.status, fork.body.forkedFrom, contents(fork)]).toEqual([201, id, ['exactly: one', 'one']]);
    const json = await fetch(`${app.url}/api/conversations/${id}/export`, {
      headers: { authorization: `Bearer ${account.accessToken}` },
    });
    expect(json.headers.get('content-disposition')).toContain(`conversation-${id}.json`);
    expect(((await json.json()) as Payload).messages).toHaveLength(5);
    const markdown = await fetch(`${app.url}/api/conversations/${id}/export?format=markdown`, {
      headers: { authorization: `Bearer ${account.accessToken}` },
    });
    expect(await markdown.text()).toMatch(
      /^# exactly: one\n\n## User, .+\n\nexactly: one\n\n## Assistant \(mock\), .+\n\none\n/,
    );
    expect((await call('GET', `/${id}?limit=1`)).headers.get('link')).toContain('before=');
    expect((await call('GET', `/${id}/export?format=pdf`)).status).toBe(400);
    expect((await call('POST', `/${id}/branch`, {})).status).toBe(400);
  });

  it('are shared with members, who may do what their role says and see what is said', async () => {
    const [editor, viewer] = [await register(app.url), await register(app.url)];
    const { start } = await client.stream('exactly: hello');
    const id = start.conversationId;
    const asViewer = { email: viewer.email.toUpperCase(), role: 'viewer' };
    expect((await call('POST', `/${id}/members`, asViewer)).body.map(({ role }: Payload) => role)).toEqual([
      'owner',
      'viewer',
    ]);
    const { id: editorId } = await me(editor);
    await call('POST', `/${id}/members`, { userId: editorId, role: 'viewer' });
    expect((await call('PATCH', `/${id}/members/${editorId}`, { role: 'editor' })).body).toHaveLength(3);
    expect((await call('GET', '', undefined, viewer)).body).toMatchObject([{ id, role: 'viewer' }]);
    expect(contents(await call('GET', `/${id}`, undefined, viewer))).toEqual(['exactly: hello', 'hello']);
    for (const [method, path, body] of [
      ['PATCH', '', { title: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/members', { email: editor.email, role: 'owner' }],
      ['POST', '/branch', { messageId: start.messageId }],
      ['POST', `/messages/${start.messageId}/regenerate`, {}],
    ] as const) {
      const refused = await call(method, `/${id}${path}`, body, viewer);
      expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
    const [reader, writer] = [await connect(viewer), await connect(editor)];
    const long = 'everybody in here sees the same words at the same time, whoever asked for them';
    const { data } = await writer.ask('user_message_stream', { text: `exactly: ${long}`, conversationId: id });
    await reader.ask('resume_stream', { runId: data.runId });
    await Promise.all([reader, writer].map((one) => one.until((event) => event === 'stream_end')));
    expect([reader.textOf(data.runId), writer.textOf(data.runId)]).toEqual([long, long]);
    expect((await reader.ask('stop_stream', { runId: data.runId })).error.code).toBe('FORBIDDEN');
    expect((await reader.ask('user_message', { text: 'a', conversationId: id })).error.code).toBe('FORBIDDEN');
    expect((await call('DELETE', `/${id}`, undefined, editor)).status).toBe(403);
    const { id: viewerId } = await me(viewer);
    expect((await call('DELETE', `/${id}/members/${viewerId}`, undefined, viewer)).status).toBe(200);
    expect((await call('GET', `/${id}`, undefined, viewer)).status).toBe(404);
    expect((await call('DELETE', `/${id}/members/${viewerId}`)).status).toBe(404);
    expect((await call('PATCH', `/${id}/members/${(await me(account)).id}`, { role: 'viewer' })).status).toBe(409);
    expect((await call('POST', `/${id}/members`, { email: 'nobody@example.com', role: 'viewer' })).status).toBe(404);
    expect((await call('POST', `/${id}/members`, { role: 'viewer' })).status).toBe(400);
    expect((await call('POST', `/${id}/members`, { userId: editorId, role: 'king' })).status).toBe(400);
  });

  it('of other people look as if there were none', async () => {
    const stranger = await register(app.url);
    const { start } = await client.stream('exactly: mine');
    const requests = (id: string, messageId: string) =>
      [
        ['GET', `/${id}`],
        ['PATCH', `/${id}`, { title: 'x' }],
        ['PATCH', `/${id}`, { orgId: null }],
        ['DELETE', `/${id}`],
        ['GET', `/${id}/members`],
        ['POST', `/${id}/members`, { email: account.email, role: 'viewer' }],
        ['GET', `/${id}/export`],
        ['POST', `/${id}/fork`, {}],
        ['POST', `/${id}/branch`, { messageId }],
        ['POST', `/${id}/messages/${messageId}/regenerate`, {}],
      ] as const;
    const answers = async (id: string, messageId: string) => {
      const given: [number, string][] = [];
      for (const [method, path, body] of requests(id, messageId)) {
        const answer = await call(method, path, body, stranger);
        given.push([answer.status, answer.body.code]);
      }
      return given;
    };
    const foreign = await answers(start.conversationId, start.messageId);
    expect(foreign).toEqual(foreign.map(() => [404, 'CONVERSATION_NOT_FOUND']));
    expect(await answers(MISSING, MISSING)).toEqual(foreign);
    expect(await answers('no%20id', MISSING)).toEqual(foreign);
    expect((await call('GET', '', undefined, stranger)).body).toEqual([]);
    expect((await rest(app.url, ['GET', '/api/conversations'])).status).toBe(401);
  });
});
