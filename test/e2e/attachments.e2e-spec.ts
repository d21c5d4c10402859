import { createTRPCClient, httpLink } from '@trpc/client';
import OpenAI from 'openai';
import type { EditorChatRouter } from '../../src/gateway/project-chat/trpc/editor-chat.router.js';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { FakeUpstream } from '../support/fake-upstream.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { answerScript } from '../support/vendor-stream.js';

const PICTURE = 'https://example.com/cat.png';
const DATA = 'data:image/png;base64,iVBORw0KGgo=';
const IMAGE = { type: 'image' as const, url: PICTURE, name: 'cat.png' };
const NOTES = { type: 'file' as const, content: 'Grüße aus 東京', name: 'notes.txt' };
const NOTES_URL = `data:text/plain;base64,${Buffer.from(NOTES.content).toString('base64')}`;

/** What a vendor is shown of a text with that picture and that file. */
const SEEN = [
  { type: 'text', text: `see\n\n[file: notes.txt]\n${NOTES.content}\n[end of file: notes.txt]` },
  { type: 'image_url', image_url: { url: PICTURE } },
];

describe('A message with attachments', () => {
  let upstream: FakeUpstream;
  let app: TestApp;
  let account: Account;
  let client: AssistantClient;
  const lastAsked = () => {
    const { messages } = upstream.requests.at(-1)!.body as { messages: { role: string; content: unknown }[] };
    return messages.findLast(({ role }) => role === 'user')?.content;
  };
  const post = (path: string, body: object) =>
    rest(app.url, ['POST', path], { headers: { authorization: `Bearer ${account.accessToken}` }, body });

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    upstream.script(answerScript(['I see.']));
    app = await startTalksy({
      AI_PROVIDER: 'openai',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MODEL: 'seeing',
      AI_MODEL_TABLE: '[{"id":"blind","provider":"openai","capabilities":["tools"]}]',
    });
    account = await register(app.url);
    client = await AssistantClient.connect(app.url, account);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
    await upstream.stop();
  });

  it('shows the model pictures and the text of files, now and in later turns, and people what came with it', async () => {
    const { start } = await client.stream('see', { attachments: [IMAGE, NOTES] });
    expect(lastAsked()).toEqual(SEEN);
    const { conversationId } = start;
    await client.stream('and now?', { conversationId });
    const { messages } = upstream.requests.at(-1)!.body as { messages: { content: unknown }[] };
    expect(messages.map(({ content }) => content)).toContainEqual(SEEN);
    const { data: history } = await client.ask('get_history', { conversationId });
    expect(history[0]).toMatchObject({
      content: 'see',
      attachments: [IMAGE, { type: 'file', name: 'notes.txt', bytes: Buffer.byteLength(NOTES.content) }],
    });
    expect(JSON.stringify(history)).not.toContain(NOTES.content);
  });

  it('is the same in every other family', async () => {
    const trpc = createTRPCClient<EditorChatRouter>({
      links: [httpLink({ url: `${app.url}/trpc`, headers: { authorization: `Bearer ${account.accessToken}` } })],
    });
    const { start } = await client.stream('first');
    const chatId = start.conversationId as string;
    await post(`/api/editorChat/stream/${chatId}`, {
      content: 'see',
      attachments: [IMAGE, NOTES],
      enableStreaming: false,
    });
    expect(lastAsked()).toEqual(SEEN);
    await trpc.editorChat.sendMessage.mutate({ chatId, content: 'see', attachments: [IMAGE, NOTES] });
    expect(lastAsked()).toEqual(SEEN);
    const parts = [
      { type: 'text', text: 'see' },
      { type: 'file', mediaType: 'image/png', filename: 'cat.png', url: PICTURE },
      { type: 'file', mediaType: 'text/plain', filename: 'notes.txt', url: NOTES_URL },
    ];
    const answer = await fetch(`${app.url}/api/ui/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'ui-with-files', messages: [{ id: 'm1', role: 'user', parts }] }),
    });
    expect(await answer.text()).toContain('"delta":"I see."');
    expect(lastAsked()).toEqual(SEEN);
  });

  it('is the same over the OpenAI API', async () => {
    const openai = new OpenAI({ apiKey: account.accessToken, baseURL: `${app.url}/v1`, maxRetries: 0 });
    await openai.responses.create({
      model: 'seeing',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'see' },
            { type: 'input_file', filename: 'notes.txt', file_data: NOTES_URL },
            { type: 'input_image', image_url: PICTURE, detail: 'auto' },
          ],
        },
      ],
    });
    expect(lastAsked()).toEqual(SEEN);
    const content = [
      { type: 'text' as const, text: 'see' },
      { type: 'image_url' as const, image_url: { url: DATA } },
    ];
    await openai.chat.completions.create({ model: 'seeing', messages: [{ role: 'user', content }] });
    expect(lastAsked()).toEqual([
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: DATA } },
    ]);
  });

  it('is refused by a model that sees nothing, which is spared older pictures', async () => {
    const { data } = await client.ask('user_message', { text: 'see', attachments: [IMAGE] });
    const { conversationId } = data;
    const refused = await client.ask('user_message', { text: 'see', model: 'blind', attachments: [IMAGE] });
    expect(refused.error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('does not see') });
    await client.ask('user_message', { text: 'and now?', model: 'blind', conversationId });
    expect(JSON.stringify(upstream.requests.at(-1)!.body)).not.toContain('image_url');
  });

  it.each([
    [[{ type: 'image', url: 'file:///etc/passwd' }], 'attachments.0.url'],
    [[{ type: 'file', content: 'x' }], 'attachments.0.name'],
    [[{ type: 'video', url: PICTURE }], 'attachments.0'],
    ['x', 'attachments'],
    [Array.from({ length: 11 }, () => IMAGE), 'at most 10'],
  ])('is refused with the field at fault: %j', async (attachments, told) => {
    const { error } = await client.ask('user_message', { text: 'hi', attachments });
    expect(error).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining(told) });
    const { status, body } = await post('/api/editorChat/stream/none', { content: 'hi', attachments });
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('is refused where its files are too long together', async () => {
    const file = { type: 'file', content: 'x'.repeat(140_000), name: 'long.txt' };
    const { error } = await client.ask('user_message', { text: 'hi', attachments: [file, file] });
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('262144') });
  });
});
