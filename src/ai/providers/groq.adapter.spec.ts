import { proveContract } from '../../../test/support/contract.js';
import { FakeUpstream } from '../../../test/support/fake-upstream.js';
import { answerOf, groqEnd, vendorStage } from '../../../test/support/vendor-stage.js';
import { answerChunks, groqFinishChunk, streamSteps } from '../../../test/support/vendor-stream.js';
import { chatModelContract } from './chat-model.contract.js';
import { GroqProvider } from './groq.provider.js';

describe('The Groq provider', () => {
  let upstream: FakeUpstream;
  let model: GroqProvider;

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    model = await GroqProvider.load({ apiKey: 'gsk-test', baseUrl: upstream.url, model: 'fake-model' });
  });
  afterAll(() => upstream.stop());

  proveContract(chatModelContract, () => vendorStage(upstream, model, groqEnd));

  it('asks at the path of the Groq API and reads the usage from its extras', async () => {
    const chunks = [...answerChunks(['Hi']).slice(0, -1), groqFinishChunk('length', 7, 3), '[DONE]'];
    upstream.script({ steps: streamSteps(chunks) });
    const parts = await answerOf(model);
    const { path, headers, body } = upstream.requests.at(-1)!;
    expect(path).toBe('/openai/v1/chat/completions');
    expect(headers).toMatchObject({ authorization: 'Bearer gsk-test', 'x-client-request-id': 'request-1' });
    expect(body).toEqual({ model: 'fake-model', messages: [{ role: 'user', content: 'Hello' }], stream: true });
    expect(parts.slice(-2)).toEqual([
      { type: 'usage', usage: { promptTokens: 7, completionTokens: 3, totalTokens: 10 } },
      { type: 'finish', reason: 'length' },
    ]);
  });
});
