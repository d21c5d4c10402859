import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { openResponseSchemas, schemaOfEvent } from '../support/response-schemas.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TEXT = 'Grüße aus 東京 😀, "quoted" \\ and whole.';
const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};
const LONG = { model: 'mock', input: 'Tell me something long.' };

type Event = OpenAI.Responses.ResponseStreamEvent;

const problems = openResponseSchemas();

async function allOf(stream: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const deltasOf = (events: readonly Event[]): string =>
  events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');

const responseOf = (event: Event | undefined) => (event as { response?: OpenAI.Responses.Response }).response;

describe('The Responses API, used by the official SDK,', () => {
  let app: TestApp;
  let account: Account;
  let client: OpenAI;
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${app.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json', ...init.headers },
    });

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKENS: '40', AI_MOCK_TOKEN_DELAY_MS: '3', RUN_MAX_CONCURRENT_PER_USER: '50' });
    account = await register(app.url);
    client = new OpenAI({ apiKey: account.accessToken, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }, 60_000);
  afterAll(() => app.close());

  it('gives a whole response with every field of the specification', async () => {
    const response = await client.responses.create({
      model: 'gpt-4o',
      input: `exactly: ${TEXT}`,
      metadata: { a: 'b' },
    });
    expect(response.output_text).toBe(TEXT);
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{32}$/),
      object: 'response',
      status: 'completed',
      model: 'gpt-4o',
      previous_response_id: null,
      metadata: { a: 'b' },
      store: true,
      usage: { input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 } },
    });
    expect(problems('ResponseResource', await (await raw(`/v1/responses/${response.id}`)).json())).toEqual([]);
  });

  it('streams events that are numbered without a gap, fit the schemas and add up', async () => {
    const events = await allOf(
      await client.responses.create({ model: 'mock', input: `exactly: ${TEXT}`, stream: true }),
    );
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_event, at) => at));
    expect(events.flatMap((event) => problems(schemaOfEvent(event.type), event))).toEqual([]);
    const types = [...new Set(events.map(({ type }) => type))];
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(deltasOf(events)).toBe(TEXT);
    expect(events.find(({ type }) => type === 'response.output_text.done')).toMatchObject({ text: TEXT });
    const { id } = responseOf(events.at(-1))!;
    expect((await client.responses.retrieve(id)).output).toEqual(responseOf(events.at(-1))!.output);
  });

  it('leaves calls of its functions to the caller, and goes on with their results by the id alone', async () => {
    const first = await allOf(
      await client.responses.create({ model: 'mock', input: 'What is the weather?', tools: [WEATHER], stream: true }),
    );
    expect(first.flatMap((event) => problems(schemaOfEvent(event.type), event))).toEqual([]);
    const done = first.find((event) => event.type === 'response.function_call_arguments.done')!;
    const response = responseOf(first.at(-1))!;
    const [call] = response.output as OpenAI.Responses.ResponseFunctionToolCall[];
    expect(call).toMatchObject({
      type: 'function_call',
      name: 'get_weather',
      call_id: expect.stringMatching(/^call_/),
    });
    expect(done).toMatchObject({ arguments: call!.arguments });
    expect(response.tools).toEqual([{ ...WEATHER }]);
    const output = { type: 'function_call_output' as const, call_id: call!.call_id, output: 'Rain, 7 °C' };
    const second = await client.responses.create({
      model: 'mock',
      previous_response_id: response.id,
      input: [output],
      tools: [WEATHER],
    });
    expect(second.output_text).toContain('Rain, 7 °C');
    expect(second.previous_response_id).toBe(response.id);
  });

  it('carries context along a chain, forks it, and keeps instructions to their own turn', async () => {
    const first = await client.responses.create({
      model: 'mock',
      instructions: 'The code word: heron.',
      input: 'My code word: walrus. Keep it.',
    });
    const ask = { model: 'mock', previous_response_id: first.id, input: 'What is the code word?' };
    const [one, two] = [await client.responses.create(ask), await client.responses.create({ ...ask, store: false })];
    expect(one.output_text).toContain('walrus');
    expect(two.output_text).toContain('walrus');
    await expect(client.responses.retrieve(two.id)).rejects.toBeInstanceOf(NotFoundError);
    const three = await client.responses.create({ ...ask, previous_response_id: one.id });
    expect(three.output_text).toContain('walrus');
  });

  it('tells an unknown previous response as the API does', async () => {
    for (const previous_response_id of ['resp_none', `resp_${'0'.repeat(32)}`]) {
      const error = await client.responses.create({ model: 'mock', input: 'hi', previous_response_id }).catch((e) => e);
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({ code: 'previous_response_not_found', param: 'previous_response_id' });
    }
  });

  it.each([
    [{ input: [] }, 'input'],
    [{ input: 'hi', temperature: 9 }, 'temperature'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input.0.type'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'ftp://x' }] }] },
      'input.0.content.0.image_url',
    ],
    [{ input: 'hi', background: true, store: false }, 'background'],
    [{ input: 'hi', tools: [{ type: 'function', name: 'a b' }] }, 'tools.0.name'],
  ])('names the field at fault, also before a stream: %j', async (body, param) => {
    const answer = await raw('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model: 'mock', stream: true, ...body }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { param, type: 'invalid_request_error' } },
    ]);
  });

  it('works in the background, is resumed from any event to the exact one, and ends with 204', async () => {
    const all: Event[] = [];
    const stream = await client.responses.create({ ...LONG, background: true, stream: true });
    for await (const event of stream) {
      all.push(event);
      if (all.length === 9) break;
    }
    const { id } = responseOf(all[0])!;
    all.push(...(await allOf(await client.responses.retrieve(id, { stream: true, starting_after: 8 }))));
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_event, at) => at));
    expect(deltasOf(all)).toBe((await client.responses.retrieve(id)).output_text);
    expect(await allOf(await client.responses.retrieve(id, { stream: true }))).toEqual(all);
    const last = { accept: 'text/event-stream', 'last-event-id': String(all.length - 1) };
    expect((await raw(`/v1/responses/${id}`, { headers: last })).status).toBe(204);
  });

  it('answers at once in the background, and is polled', async () => {
    let response = await client.responses.create({ ...LONG, background: true });
    expect(['queued', 'in_progress']).toContain(response.status);
    while (response.status !== 'completed') response = await client.responses.retrieve(response.id);
    expect(response.output_text).not.toBe('');
  });

  it('is cancelled, and then stays as it was', async () => {
    const { id } = await client.responses.create({
      model: 'mock',
      input: `exactly: ${'word '.repeat(2000)}`,
      background: true,
    });
    const cancelled = await client.responses.cancel(id);
    expect(cancelled.status).toBe('cancelled');
    const events = await allOf(await client.responses.retrieve(id, { stream: true }));
    expect(responseOf(events.at(-1))).toMatchObject({ status: 'cancelled' });
    expect(deltasOf(events)).toBe((await client.responses.retrieve(id)).output_text);
  });

  it('lists what it was asked, a page at a time', async () => {
    const input = [
      { role: 'user' as const, content: 'one' },
      { role: 'assistant' as const, content: 'two' },
      { role: 'user' as const, content: 'three' },
    ];
    const { id } = await client.responses.create({ model: 'mock', input });
    const items: unknown[] = [];
    for await (const item of client.responses.inputItems.list(id, { order: 'asc', limit: 2 })) items.push(item);
    expect(items).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'one' }] },
      { role: 'assistant' },
      { content: [{ text: 'three' }] },
    ]);
  });

  it('is deleted for good, and is nobody else’s', async () => {
    const { id } = await client.responses.create({ model: 'mock', input: 'exactly: secret' });
    const other = new OpenAI({
      apiKey: (await register(app.url)).accessToken,
      baseURL: `${app.url}/v1`,
      maxRetries: 0,
    });
    await expect(other.responses.retrieve(id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(other.responses.cancel(id)).rejects.toBeInstanceOf(NotFoundError);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(client.responses.delete(id)).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is a conversation as any other: sockets read it, go on with it, and it with them', async () => {
    const first = await client.responses.create({ model: 'mock', input: 'My code word: otter. Keep it.' });
    const { conversation } = first as unknown as { conversation: { id: string } };
    const socket = await AssistantClient.connect(app.url, account);
    const ask = { text: 'What is the code word?', conversationId: conversation.id };
    const { data } = await socket.ask('user_message', ask);
    expect(data.text).toContain('otter');
    const next = await client.responses.create({
      model: 'mock',
      input: 'exactly: done',
      conversation: conversation.id,
    });
    expect(next.output_text).toBe('done');
    const history = await socket.ask('get_history', { conversationId: conversation.id });
    expect(JSON.stringify(history)).toContain('exactly: done');
    socket.close();
  });

  it('has an alias for the programs of another family', async () => {
    const body = JSON.stringify({ model: 'mock', input: `exactly: ${TEXT}` });
    const answer = await raw('/api/llm/responses', { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ object: 'response', output: [{ content: [{ text: TEXT }] }] });
  });

  it('gives what a schema asks for, and runs the SDK’s own helpers', async () => {
    const schema = {
      type: 'object',
      properties: { answer: { type: 'integer' } },
      required: ['answer'],
      additionalProperties: false,
    };
    const text = { format: { type: 'json_schema' as const, name: 'a', schema, strict: true } };
    const parsed = await client.responses.parse({ model: 'mock', input: 'Give me a number.', text });
    expect(JSON.parse(parsed.output_text)).toEqual({ answer: expect.any(Number) });
    const stream = client.responses.stream({ model: 'mock', input: `exactly: ${TEXT}` });
    expect((await stream.finalResponse()).output_text).toBe(TEXT);
  });
});
