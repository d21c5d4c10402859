import Groq from 'groq-sdk';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const TEXT = 'Grüße aus 東京 😀, "quoted" \\ and whole.';

describe('The official SDKs, pointed at Talksy,', () => {
  let app: TestApp;
  let token: string;
  let client: OpenAI;
  const exactly = (text: string) => ({
    model: 'gpt-4o',
    messages: [{ role: 'user' as const, content: `exactly: ${text}` }],
  });
  const runs = async () => {
    const health = (await (await fetch(`${app.url}/health/detailed`)).json()) as {
      checks: { runs: { active: number } };
    };
    return health.checks.runs.active;
  };

  beforeAll(async () => {
    app = await startTalksy({ RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_MAX_REQUESTS: '40' });
    token = (await register(app.url)).accessToken;
    client = new OpenAI({ apiKey: token, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }, 60_000);
  afterAll(() => app.close());

  it('get a whole completion', async () => {
    const completion = await client.chat.completions.create(exactly(TEXT));
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gpt-4o',
      choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
    });
  });

  it('get a stream whose chunks have one head, one reason, and usage where it is asked for', async () => {
    const request = { ...exactly(TEXT), stream: true as const, stream_options: { include_usage: true } };
    const chunks = [];
    for await (const chunk of await client.chat.completions.create(request)) chunks.push(chunk);
    expect(chunks[0]!.choices[0]!.delta.role).toBe('assistant');
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(TEXT);
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['stop']);
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  });

  it('leave the calls of their own functions to the caller, and go on with the results', async () => {
    const ask = [{ role: 'user' as const, content: 'What is the weather?' }];
    const first = await client.chat.completions.create({ model: 'mock', messages: ask, tools: [WEATHER] });
    const [choice] = first.choices;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const [call] = choice!.message.tool_calls!;
    expect(JSON.parse(call!.type === 'function' ? call!.function.arguments : '')).toEqual({ city: expect.any(String) });
    const messages = [
      ...ask,
      choice!.message,
      { role: 'tool' as const, tool_call_id: call!.id, content: 'Rain, 7 °C' },
    ];
    const second = await client.chat.completions.create({ model: 'mock', messages, tools: [WEATHER] });
    expect(second.choices[0]!.message.content).toContain('Rain, 7 °C');
  });

  it('run the loop of tools by their own helper, streamed', async () => {
    const calls: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model: 'mock',
      stream: true,
      messages: [{ role: 'user', content: 'Please tell me the weather.' }],
      tools: [
        {
          type: 'function',
          function: {
            ...WEATHER.function,
            parse: JSON.parse,
            function: (given: unknown) => {
              calls.push(given);
              return 'Sunny';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('Sunny');
    expect(calls).toEqual([{ city: expect.any(String) }]);
  });

  it('are given a forced function, an answer of a schema, and the tools of Talksy by name', async () => {
    const forced = await client.chat.completions.create({
      ...exactly('no'),
      tools: [WEATHER],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });
    expect(forced.choices[0]!.message.tool_calls).toHaveLength(1);
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const shaped = await client.chat.completions.create({
      model: 'mock',
      messages: [{ role: 'user', content: 'a number' }],
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } },
    });
    expect(JSON.parse(shaped.choices[0]!.message.content!)).toEqual({ n: expect.any(Number) });
    const own = await client.chat.completions.create({
      model: 'mock',
      messages: [{ role: 'user', content: 'What is 17*23?' }],
      tools: [{ type: 'talksy', name: 'calculator' } as never],
    });
    expect(own.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('391') },
    });
  });

  it('know the models', async () => {
    expect((await client.models.list()).data).toContainEqual(expect.objectContaining({ id: 'mock', object: 'model' }));
    expect(await client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', owned_by: 'mock' });
    await expect(client.models.retrieve('no-such-model')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it('work for Groq under its own path', async () => {
    const groq = new Groq({ apiKey: token, baseURL: app.url });
    const completion = await groq.chat.completions.create(exactly('as on Groq'));
    expect(completion.choices[0]!.message.content).toBe('as on Groq');
  });

  it('throw the errors that they know', async () => {
    const stranger = new OpenAI({ apiKey: 'sk-nobody', baseURL: `${app.url}/v1`, maxRetries: 0 });
    const refused = stranger.chat.completions.create(exactly('x'));
    await expect(refused).rejects.toThrow(AuthenticationError);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_api_key', requestID: expect.any(String) });
    await expect(client.chat.completions.create({ ...exactly('x'), model: 'no-such-model' })).rejects.toThrow(
      NotFoundError,
    );
    const bad = client.chat.completions.create({ model: 'mock', messages: [], stream: true });
    await expect(bad).rejects.toThrow(BadRequestError);
    await expect(bad).rejects.toMatchObject({ param: 'messages', type: 'invalid_request_error' });
    const post = (body: string, path = 'chat/completions') =>
      fetch(`${app.url}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
    expect(await (await post('{"model":')).json()).toMatchObject({
      error: { type: 'invalid_request_error', code: expect.any(String) },
    });
    expect((await post('{}', 'nothing')).status).toBe(404);
    expect((await post('{}', 'models')).status).toBe(405);
  });

  it('stop what they leave', async () => {
    const long = {
      model: 'mock-slow',
      messages: [{ role: 'user' as const, content: 'tell me more' }],
      stream: true as const,
    };
    const slow = await startTalksy({ AI_MOCK_TOKENS: '5000', AI_MOCK_TOKEN_DELAY_MS: '5' });
    try {
      const { accessToken } = await register(slow.url);
      const stream = await new OpenAI({ apiKey: accessToken, baseURL: `${slow.url}/v1` }).chat.completions.create(long);
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      for (;;) {
        const { checks } = (await (await fetch(`${slow.url}/health/detailed`)).json()) as {
          checks: { runs: { active: number } };
        };
        if (checks.runs.active === 0) break;
      }
    } finally {
      await slow.close();
    }
  });

  it('leave nothing behind, and count as messages', async () => {
    const conversations = await fetch(`${app.url}/usage`, { headers: { authorization: `Bearer ${token}` } });
    expect(conversations.status).toBe(200);
    expect(await runs()).toBe(0);
    const flood = Promise.all(Array.from({ length: 40 }, () => client.chat.completions.create(exactly('x'))));
    await expect(flood).rejects.toThrow(RateLimitError);
  });
});
