import { type Account, register } from '../support/assistant-client.js';
import { eventsOf } from '../support/event-frames.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('A conversation under /api/llm', () => {
  let app: TestApp;
  let account: Account;
  const post = (path: string, body: unknown, credential = account.accessToken) =>
    rest(app.url, ['POST', `/api/llm/conversations${path}`], { credential, body });

  beforeAll(async () => {
    app = await startTalksy();
    account = await register(app.url);
  }, 60_000);
  afterAll(() => app.close());

  it('is made with nothing, or with a title and a model', async () => {
    expect(await post('', {})).toMatchObject({ status: 201, body: { title: '', messages: [] } });
    expect(await post('', { title: 'Named', model: 'gpt-4o', of: 'no interest' })).toMatchObject({
      status: 201,
      body: { title: 'Named', model: 'gpt-4o', orgId: expect.any(String), messages: [] },
    });
  });

  it('is made with a message and comes with its answer', async () => {
    const { status, body } = await post('', { message: 'exactly: at once' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      answer: { role: 'assistant', content: 'at once', finishReason: 'stop' },
      messages: [{ content: 'exactly: at once' }, { content: 'at once' }],
    });
  });

  it('takes a message and answers it as a whole or as events', async () => {
    const { id } = (await post('', {})).body;
    expect(await post(`/${id}/messages`, { content: 'exactly: whole' })).toMatchObject({
      status: 200,
      body: { role: 'assistant', content: 'whole', conversationId: id },
    });
    const response = await fetch(`${app.url}/api/llm/conversations/${id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'exactly: in pieces, 東京', stream: true }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const { data } of eventsOf(response)) {
      const frame = data === '[DONE]' ? {} : (JSON.parse(data) as { type?: string; content?: string });
      if (frame.type === 'content') text += frame.content;
    }
    expect(text).toBe('in pieces, 東京');
  });

  it('says what is wrong with a request, and nothing of what is not the caller’s', async () => {
    const { id } = (await post('', {})).body;
    expect(await post('', { title: 7 })).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
    expect(await post('', { model: 'no-such-model' })).toMatchObject({ status: 400 });
    const list = async () =>
      (await rest(app.url, ['GET', '/api/conversations'], { credential: account.accessToken })).body as unknown[];
    const before = (await list()).length;
    expect(await post('', { message: '' })).toMatchObject({ status: 400 });
    expect(await list()).toHaveLength(before);
    expect(await post(`/${id}/messages`, { content: null })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'content' }] },
    });
    const { accessToken } = await register(app.url);
    const foreign = await post(`/${id}/messages`, { content: 'hi' }, accessToken);
    const unknown = await post('/nobody/messages', { content: 'hi' }, accessToken);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'CONVERSATION_NOT_FOUND']);
    expect([unknown.status, unknown.body.message]).toEqual([404, foreign.body.message]);
    expect((await post('', {}, 'garbage')).status).toBe(401);
  });
});
