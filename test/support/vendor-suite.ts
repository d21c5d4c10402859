import { AssistantClient, register } from './assistant-client.js';
import { FakeUpstream } from './fake-upstream.js';
import { startTalksy, type TestApp } from './talksy-app.js';
import { answerScript, failureScript, silenceScript, type StreamShape } from './vendor-stream.js';
import { within } from './within.js';

const TEXTS = ['Grüße', ' aus', ' 東京', ' 😀', '👩‍👩‍👧 "quoted"', ' \\ and\nnew lines', ' done.'];

const SHAPES: [string, StreamShape][] = [
  ['each event its own packet', {}],
  ['all events in one packet', { packets: 'joined' }],
  ['one byte a packet, so that every character and token is cut', { packets: 1 }],
  ['packets of 7 bytes', { packets: 7, newline: '\r\n', comments: true }],
];

/** What a client sees of a vendor: the same suite for each, over real HTTP. */
export function vendorSuite(provider: 'openai' | 'groq'): void {
  let upstream: FakeUpstream;
  let app: TestApp;
  let client: AssistantClient;

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    app = await startTalksy({
      AI_PROVIDER: provider,
      AI_FALLBACK: 'false',
      AI_SYSTEM_PROMPT: 'Be kind.',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      OPENAI_API_KEY: 'sk-openai-secret',
      OPENAI_MODEL: 'vendor-model',
      GROQ_BASE_URL: upstream.url,
      GROQ_API_KEY: 'gsk-groq-secret',
      GROQ_MODEL: 'vendor-model',
    });
    client = await AssistantClient.connect(app.url, await register(app.url));
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
    await upstream.stop();
  });

  it.each(SHAPES)('streams what the vendor says: %s', async (_name, shape) => {
    upstream.script(answerScript(TEXTS, shape));
    const { text, end, start } = await client.stream('Say it.');
    expect(text).toBe(TEXTS.join(''));
    expect(end).toMatchObject({
      finishReason: 'stop',
      provider,
      model: 'vendor-model',
      usage: { promptTokens: 11, completionTokens: TEXTS.length, totalTokens: 11 + TEXTS.length },
    });
    const { data: history } = await client.ask('get_history', { conversationId: start.conversationId, limit: 1 });
    expect(history[0].content).toBe(text);
  });

  it('shows the vendor the whole conversation, and its own key', async () => {
    upstream.script(answerScript(['First.']), answerScript(['Second.']));
    const fresh = await AssistantClient.connect(app.url, await register(app.url));
    await fresh.stream('one');
    await fresh.stream('two');
    fresh.close();
    const { body, path, headers } = upstream.requests.at(-1)!;
    expect(path).toBe(provider === 'openai' ? '/v1/chat/completions' : '/openai/v1/chat/completions');
    expect(headers.authorization).toBe(`Bearer ${provider === 'openai' ? 'sk-openai' : 'gsk-groq'}-secret`);
    expect(body?.['messages']).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'First.' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('ends a stream that the vendor refused, and tells nobody the key', async () => {
    upstream.script(failureScript(401, '{"error":{"message":"Incorrect API key provided: sk-openai-secret"}}'));
    const { text, end } = await client.stream('hello');
    expect(text).toBe('');
    expect(end).toMatchObject({ finishReason: 'error', error: { code: 'PROVIDER_ERROR' }, lastIndex: -1 });
    expect(JSON.stringify(client.received)).not.toContain('secret');
    const { ok, error } = await client.ask('user_message', { text: 'hello' });
    expect({ ok, code: error.code }).toEqual({ ok: false, code: 'PROVIDER_ERROR' });
  });

  it('hangs up on the vendor when the user stops', async () => {
    upstream.script(silenceScript(['An answer that ', 'never ends']));
    const { data } = await client.ask('user_message_stream', { text: 'go on for ever' });
    await client.until((event, payload) => event === 'stream_chunk' && payload.runId === data.runId);
    expect((await client.ask('stop_stream', { runId: data.runId })).data).toMatchObject({ status: 'cancelled' });
    expect(await within('the vendor noticing', upstream.requests.at(-1)!.closed)).toBe('aborted');
  });
}
