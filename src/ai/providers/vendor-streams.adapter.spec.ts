import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { FakeUpstream, type UpstreamScript } from '../../../test/support/fake-upstream.js';
import { answerOf, callChunks } from '../../../test/support/vendor-stage.js';
import {
  answerChunks,
  answerScript,
  deltaChunk,
  failureScript,
  type StreamShape,
  streamSteps,
  usageChunk,
} from '../../../test/support/vendor-stream.js';
import { within } from '../../../test/support/within.js';
import type { ChatModel } from '../chat-model.port.js';
import { GroqProvider } from './groq.provider.js';
import { OpenAiProvider } from './openai.provider.js';

const EMOJI = '👩‍🚀 naïve 世界 🙂';
/** The same text in deltas that cut pairs in halves, as JSON escapes of lone surrogates. */
const HALVES = EMOJI.split('');

const SHAPES: [string, StreamShape][] = [
  ['an event a packet', { packets: 'event' }],
  ['all events in one packet', { packets: 'joined' }],
  ['a byte a packet', { packets: 1 }],
  ['seven bytes a packet', { packets: 7 }],
  ['lines that end in CRLF', { packets: 3, newline: '\r\n' }],
  ['comments between the events', { packets: 5, comments: true }],
  ['comments and CRLF in one packet', { packets: 'joined', comments: true, newline: '\r\n' }],
];

const FAULTS: [string, UpstreamScript, object][] = [
  ['a bad key', failureScript(401, '{"error":{"message":"bad key sk-1"}}'), { code: 'PROVIDER_ERROR' }],
  ['a forbidden model', failureScript(403, '{"error":{"message":"no"}}'), { code: 'PROVIDER_ERROR' }],
  ['a request that is refused', failureScript(400, '{"error":{"message":"no"}}'), { code: 'PROVIDER_ERROR' }],
  ['a timeout at the vendor', failureScript(408, '{}'), { code: 'PROVIDER_TIMEOUT' }],
  [
    'a rate limit',
    failureScript(429, '{"error":{"message":"slow down"}}', { 'retry-after': '2' }),
    { code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 2000 },
  ],
  ['a proxy’s error page', failureScript(502, '<html>\n\nBad gateway</html>'), { code: 'PROVIDER_UNAVAILABLE' }],
  [
    'a page instead of a stream',
    { headers: { 'content-type': 'text/html' }, steps: [{ send: '<html>\n\nHello</html>' }] },
    { code: 'PROVIDER_ERROR' },
  ],
  [
    'one document instead of a stream',
    {
      headers: { 'content-type': 'application/json' },
      steps: [{ send: '{"choices":[{"message":{"content":"Hi"}}]}' }],
    },
    { code: 'PROVIDER_ERROR' },
  ],
  ['a redirect', { status: 302, headers: { location: '/elsewhere' }, steps: [] }, { code: 'PROVIDER_ERROR' }],
  ['an error page cut short', { status: 500, steps: [{ send: '<html>' }, 'reset'] }, { code: 'PROVIDER_UNAVAILABLE' }],
  [
    'an error page without end',
    { status: 500, steps: [{ send: 'x'.repeat(100_000) }, { until: new Promise(() => undefined) }] },
    { code: 'PROVIDER_UNAVAILABLE' },
  ],
  [
    'an event without end',
    { steps: [{ send: `data: ${'x'.repeat(1_100_000)}` }, { until: new Promise(() => undefined) }] },
    { code: 'PROVIDER_ERROR' },
  ],
  ['an event that is no JSON', { steps: [{ send: 'data: {"choices":[{\n\n' }] }, { code: 'PROVIDER_ERROR' }],
  ['an empty stream', { steps: [] }, { code: 'PROVIDER_ERROR' }],
  [
    'an end without a finish',
    { steps: streamSteps([...answerChunks(['Hi']).slice(0, -1), '[DONE]']) },
    { code: 'PROVIDER_ERROR' },
  ],
  [
    'an answer cut in mid-event',
    { steps: streamSteps(answerChunks(['Hi']), { packets: 'joined' }).map(cutShort) },
    { code: 'PROVIDER_ERROR' },
  ],
  [
    'a connection reset in mid-answer',
    { steps: [...streamSteps(answerChunks(['Hi']).slice(0, -1)), 'reset'] },
    { code: 'PROVIDER_UNAVAILABLE' },
  ],
  [
    'an error in the stream',
    { steps: streamSteps([...answerChunks(['Hi']).slice(0, -1), { error: { message: 'x' } }]) },
    { code: 'PROVIDER_ERROR' },
  ],
];

function cutShort(step: UpstreamScript['steps'][number]): UpstreamScript['steps'][number] {
  return typeof step === 'object' && 'send' in step ? { send: step.send.slice(0, -20) } : step;
}

describe.each(['openai', 'groq'])('A stream of %s', (vendor) => {
  let upstream: FakeUpstream;
  let model: ChatModel;

  const load = async (): Promise<ChatModel> => {
    const config = { apiKey: 'key', model: 'fake-model' };
    return vendor === 'openai'
      ? OpenAiProvider.load({ ...config, baseUrl: `${upstream.url}/v1` })
      : GroqProvider.load({ ...config, baseUrl: upstream.url });
  };

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    model = await load();
  });
  afterAll(() => upstream.stop());

  it.each(SHAPES)('is read whole from %s', async (_shape, shape) => {
    upstream.script(answerScript(HALVES, shape));
    const parts = await answerOf(model);
    expect(parts.map((part) => (part.type === 'text' ? part.text : '')).join('')).toBe(EMOJI);
    expect(parts.slice(-2)).toEqual([
      { type: 'usage', usage: { promptTokens: 11, completionTokens: HALVES.length, totalTokens: 11 + HALVES.length } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it.each(FAULTS)('fails in our terms after %s', async (_fault, script, expected) => {
    upstream.script(script);
    await expect(answerOf(model)).rejects.toMatchObject({ name: 'TalksyError', ...expected });
  });

  it('gives each text when it comes, not later', async () => {
    const gate = Promise.withResolvers<void>();
    const [head, ...rest] = streamSteps([...answerChunks(['Hello', ' you']).slice(1), '[DONE]']);
    upstream.script({ steps: [head!, { until: gate.promise }, ...rest] });
    const batches = model.stream({ model: 'm', messages: [], requestId: 'r' }, new AbortController().signal);
    const iterator = batches[Symbol.asyncIterator]();
    const first = await within('the first text', iterator.next());
    expect(first.value).toEqual([{ type: 'text', text: 'Hello' }]);
    gate.resolve();
    expect((await iterator.next()).value).toEqual([{ type: 'text', text: ' you' }]);
    await iterator.return!();
  });

  it('is whole once it has its finish, though the connection breaks behind it', async () => {
    upstream.script({ steps: [...streamSteps(answerChunks(['Hi'])), 'reset'] });
    expect((await answerOf(model)).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('is whole once it has its finish, though the vendor never hangs up', async () => {
    upstream.script({ steps: [...streamSteps(answerChunks(['Hi'])), { until: new Promise(() => undefined) }] });
    expect((await within('the end', answerOf(model))).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('finishes once, whatever the vendor repeats', async () => {
    const chunks = [...answerChunks(['Hi']), ...answerChunks([' again'], 'length').slice(1)];
    upstream.script({ steps: streamSteps([...chunks, '[DONE]', ...answerChunks(['Hi'])], { packets: 'joined' }) });
    expect((await answerOf(model)).filter(({ type }) => type !== 'usage')).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('is counted by a tokenizer, and marked so, where the vendor does not count', async () => {
    upstream.script({ steps: streamSteps([...answerChunks(['Hello', ' there', ' 世界']), '[DONE]']) });
    expect(await answerOf(model)).toContainEqual({
      type: 'usage',
      usage: { promptTokens: 1, completionTokens: 3, totalTokens: 4, estimated: true },
    });
  });

  it('puts parallel tool calls together', async () => {
    const second = { index: 1, id: 'call_2', type: 'function', function: { name: 'get_time', arguments: '' } };
    const chunks = [...callChunks('get_weather'), deltaChunk({ tool_calls: [second] }), deltaChunk({}, 'tool_calls')];
    upstream.script({ steps: streamSteps([...chunks, usageChunk(5, 9), '[DONE]'], { packets: 11 }) });
    expect((await answerOf(model)).filter(({ type }) => type !== 'activity').slice(0, 2)).toEqual([
      { type: 'tool-call', call: { callId: 'call_1', name: 'get_weather', arguments: '{"city":"sample"}' } },
      { type: 'tool-call', call: { callId: 'call_2', name: 'get_time', arguments: '{}' } },
    ]);
  });

  it('is asked for with what the SDK says in its first request, and with what is its own', async () => {
    const fresh = await load();
    const asked = async (text: string, requestId: string) => {
      upstream.script(answerScript(['Hi']));
      await answerOf(fresh, { model: 'm', messages: [{ role: 'user', content: text }], requestId });
      const { method, path, headers, body } = upstream.requests.at(-1)!;
      const { 'x-client-request-id': id, 'content-length': length, ...common } = headers;
      const { messages, ...settings } = body as { messages: { content: string }[] };
      return { own: [id, length, messages[0]!.content], common: { method, path, ...common, ...settings } };
    };
    const [first, second] = [await asked('Hello', 'request-a'), await asked(EMOJI, 'request-b')];
    expect(second.common).toEqual(first.common);
    expect(first.common).toMatchObject({ authorization: 'Bearer key', 'content-type': 'application/json' });
    expect(first.own.toSpliced(1, 1)).toEqual(['request-a', 'Hello']);
    expect(second.own.toSpliced(1, 1)).toEqual(['request-b', EMOJI]);
    const more = Buffer.byteLength(EMOJI) - Buffer.byteLength('Hello');
    expect(Number(second.own[1]) - Number(first.own[1])).toBe(more);
  });

  it('is given up at once where the vendor has not even answered', async () => {
    const stop = new AbortController();
    const before = upstream.requests.length;
    upstream.script({ after: new Promise(() => undefined), steps: [] });
    const batches = model.stream({ model: 'm', messages: [], requestId: 'r' }, stop.signal);
    const first = batches[Symbol.asyncIterator]().next();
    await upstream.received(before + 1);
    stop.abort(new Error('enough'));
    await expect(within('the rejection', first, 1000)).rejects.toThrow('enough');
    expect(await within('leaving the upstream', upstream.requests[before]!.closed)).toBe('aborted');
  });

  it('fails where no connection stands in time', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    // A handshake that nobody answers is a connection that does not stand.
    const baseUrl = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const config = { apiKey: 'key', model: 'fake-model', baseUrl };
    const lost = vendor === 'openai' ? await OpenAiProvider.load(config, 20) : await GroqProvider.load(config, 20);
    await expect(within('the failure', answerOf(lost))).rejects.toMatchObject({
      code: 'PROVIDER_TIMEOUT',
      kind: 'passing',
    });
    mute.close();
  });

  it('is unavailable where nobody listens', async () => {
    const gone = await FakeUpstream.start();
    const config = { apiKey: 'key', model: 'fake-model', baseUrl: gone.url };
    await gone.stop();
    const lost = vendor === 'openai' ? await OpenAiProvider.load(config) : await GroqProvider.load(config);
    await expect(answerOf(lost)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  });
});
