import { proveContract } from '../../../test/support/contract.js';
import { FakeUpstream } from '../../../test/support/fake-upstream.js';
import { answerOf, openAiEnd, QUESTION, vendorStage } from '../../../test/support/vendor-stage.js';
import { answerScript, failureScript } from '../../../test/support/vendor-stream.js';
import { chatModelContract } from './chat-model.contract.js';
import { OpenAiProvider } from './openai.provider.js';

describe('The OpenAI provider', () => {
  let upstream: FakeUpstream;
  let model: OpenAiProvider;

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    model = await OpenAiProvider.load({ apiKey: 'sk-test', baseUrl: `${upstream.url}/v1`, model: 'fake-model' });
  });
  afterAll(() => upstream.stop());

  proveContract(chatModelContract, () => vendorStage(upstream, model, openAiEnd));

  it('asks for a stream with usage, names the request and signs it', async () => {
    upstream.script(answerScript(['Hi']));
    await answerOf(model, { ...QUESTION, temperature: 0.5, maxTokens: 9 });
    const { method, path, headers, body } = upstream.requests.at(-1)!;
    expect([method, path]).toEqual(['POST', '/v1/chat/completions']);
    expect(headers).toMatchObject({ authorization: 'Bearer sk-test', 'x-client-request-id': 'request-1' });
    expect(body).toEqual({
      model: 'fake-model',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      max_completion_tokens: 9,
    });
  });

  it('serves a server that needs no key', async () => {
    const keyless = await OpenAiProvider.load({
      apiKey: undefined,
      baseUrl: `${upstream.url}/v1`,
      model: 'fake-model',
    });
    upstream.script(answerScript(['Hi']));
    expect(await answerOf(keyless)).toContainEqual({ type: 'text', text: 'Hi' });
  });

  it('does not retry by itself', async () => {
    const before = upstream.requests.length;
    upstream.script(failureScript(503, '{"error":{"message":"overloaded"}}'), answerScript(['Hi']));
    await expect(answerOf(model)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(upstream.requests.length - before).toBe(1);
  });

  it('puts a new connection behind a broken one', async () => {
    upstream.script({ steps: ['reset'] }, answerScript(['Hi']));
    await expect(answerOf(model)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(await answerOf(model)).toContainEqual({ type: 'text', text: 'Hi' });
  });
});
