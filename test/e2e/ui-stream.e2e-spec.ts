import { readUIMessageStream, uiMessageChunkSchema, type UIMessage, type UIMessageChunk } from 'ai';
import { createParser } from 'eventsource-parser';
import { register } from '../support/assistant-client.js';
import { ChatPage } from '../support/chat-page.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TEXT =
  'Ein Satz mit 東京 und 😀, lang genug, um mitten darin die Seite neu zu laden, ohne ein Wort zu verlieren.';

/** The UI message stream, with the AI SDK's own hook and schema. */
describe('A page with useChat', () => {
  let app: TestApp;
  let token: string;
  let pages = 0;
  const newPage = (id = `chat-${++pages}`) => new ChatPage(`${app.url}/api/ui/chat`, token, id);
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${app.url}/api/ui/chat${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
  const stored = async (id: string) => (await (await call(`/${id}/messages`)).json()) as UIMessage[];

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '15' });
    token = (await register(app.url)).accessToken;
  }, 60_000);
  afterAll(() => app.close());

  it('shows an answer as it is written, and finds it stored under the same ids', async () => {
    const page = await newPage().open();
    void page.chat.sendMessage({ text: `exactly: ${TEXT}` });
    await page.until(() => page.chat.status === 'streaming' && page.text.length > 0);
    expect(TEXT.startsWith(page.text)).toBe(true);
    await page.until(() => page.chat.status === 'ready');
    expect(page.text).toBe(TEXT);
    expect((await stored(page.id)).map(({ id, parts }) => [id, parts.length])).toEqual(
      page.chat.messages.map(({ id }) => [id, 1]),
    );
    expect(page.errors).toEqual([]);
    page.close();
  });

  it('shows tools at work', async () => {
    const page = await newPage().open();
    await page.chat.sendMessage({ text: 'What is 17*23?' });
    await page.until(() => page.chat.status === 'ready' && page.text.includes('391'));
    expect(page.last!.parts).toContainEqual(
      expect.objectContaining({ type: 'dynamic-tool', toolName: 'calculator', state: 'output-available' }),
    );
    page.close();
  });

  it('builds the same message again when it is reloaded in mid-answer', async () => {
    const page = await newPage().open();
    void page.chat.sendMessage({ text: `exactly: ${TEXT}` });
    await page.until(() => page.text.length > 10);
    const asked = page.chat.messages.slice(0, 1);
    page.close();
    const reloaded = await newPage(page.id).open(asked, true);
    await reloaded.until(() => reloaded.chat.status === 'ready' && reloaded.text === TEXT);
    const { id } = (await stored(page.id)).at(-1)!;
    expect(reloaded.last!.id).toBe(id);
    expect(reloaded.chat.messages).toHaveLength(2);
    reloaded.close();
    expect((await call(`/${page.id}/stream`)).status).toBe(204);
    expect((await stored(page.id)).at(-1)).toMatchObject({ id, parts: [{ type: 'text', text: TEXT }] });
  });

  it('has an answer written anew', async () => {
    const page = await newPage().open();
    await page.chat.sendMessage({ text: 'exactly: once and again' });
    await page.until(() => page.chat.status === 'ready' && page.text === 'once and again');
    const first = page.last!.id;
    await page.chat.regenerate();
    await page.until(() => page.chat.status === 'ready' && page.last!.id !== first);
    expect(page.text).toBe('once and again');
    expect(await stored(page.id)).toHaveLength(2);
    page.close();
  });

  it('stops an answer by a call of its own', async () => {
    const page = await newPage().open();
    void page.chat.sendMessage({ text: `exactly: ${TEXT} ${TEXT}` });
    await page.until(() => page.text.length > 10);
    expect(await (await call(`/${page.id}/stop`, { method: 'POST' })).json()).toMatchObject({ status: 'cancelled' });
    await page.until(() => page.chat.status === 'ready');
    expect(page.text.length).toBeLessThan(TEXT.length * 2);
    expect(page.errors).toEqual([]);
    page.close();
  });

  it('gets nothing that its schema does not know', async () => {
    const body = JSON.stringify({
      id: 'raw',
      messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'What is 2*3?' }] }],
      more: 1,
    });
    const response = await call('', { method: 'POST', body });
    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    const chunks: UIMessageChunk[] = [];
    const datas: string[] = [];
    createParser({ onEvent: ({ data }) => datas.push(data) }).feed(await response.text());
    expect(datas.pop()).toBe('[DONE]');
    for (const data of datas) {
      const result = await uiMessageChunkSchema().validate!(JSON.parse(data));
      expect(result).toMatchObject({ success: true });
      chunks.push(JSON.parse(data) as UIMessageChunk);
    }
    expect(chunks.map(({ type }) => type).filter((type) => type !== 'text-delta')).toEqual([
      'start',
      'start-step',
      'tool-input-start',
      'tool-input-available',
      'tool-output-available',
      'finish-step',
      'start-step',
      'text-start',
      'text-end',
      'finish-step',
      'finish',
    ]);
    const whole = [];
    const stream = new ReadableStream<UIMessageChunk>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    for await (const message of readUIMessageStream({ stream })) whole.push(message);
    expect(whole.at(-1)!.parts.at(-1)).toMatchObject({ type: 'text', state: 'done' });
  });

  it('is told what is wrong before any stream', async () => {
    const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
    const post = (body: object) => call('', { method: 'POST', body: JSON.stringify(body) });
    expect(await codeOf(await post({ id: 'x', messages: [] }))).toEqual([400, 'VALIDATION_ERROR']);
    expect(await codeOf(await post({ id: '?!', messages: [] }))).toEqual([400, 'VALIDATION_ERROR']);
    expect(await codeOf(await call('/unknown/messages'))).toEqual([404, 'CONVERSATION_NOT_FOUND']);
    expect(await codeOf(await call('/unknown/stop', { method: 'POST' }))).toEqual([404, 'CONVERSATION_NOT_FOUND']);
    expect((await call('/unknown/stream')).status).toBe(204);
    const mine = token;
    token = (await register(app.url)).accessToken;
    expect(await codeOf(await call('/raw/messages'))).toEqual([404, 'CONVERSATION_NOT_FOUND']);
    expect((await call('/raw/stream')).status).toBe(204);
    token = mine;
  });
});
