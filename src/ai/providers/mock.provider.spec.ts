import { answerOf } from '../../../test/support/vendor-stage.js';
import type { AiConfig } from '../../config/config.js';
import type { ModelRequest } from '../chat-model.port.js';
import { MockProvider } from './mock.provider.js';

const CONFIG: AiConfig['mock'] = { tokens: 60, tokenDelayMs: 0, firstTokenDelayMs: 0, failAtToken: undefined };
const asked = (content: string, extras: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'mock',
  messages: [{ role: 'user', content }],
  requestId: 'r',
  ...extras,
});

/** What the mock says and when it pauses, in order; numbers are milliseconds. */
async function performed(config: Partial<AiConfig['mock']>, request: ModelRequest) {
  const seen: unknown[] = [];
  const mock = new MockProvider({ ...CONFIG, ...config }, async (ms) => void seen.push(ms));
  for await (const batch of mock.stream(request, new AbortController().signal)) {
    seen.push(batch.map((part) => (part.type === 'text' ? part.text : part.type)));
  }
  return seen;
}

describe('The mock', () => {
  it('says one word after the other at the set pace', async () => {
    expect(await performed({ firstTokenDelayMs: 100, tokenDelayMs: 20 }, asked('exactly: one two three'))).toEqual([
      100,
      ['one'],
      20,
      [' two'],
      20,
      [' three'],
      ['usage', 'finish'],
    ]);
  });

  it('says many words at once where no pace is set, and lets others have their turn between', async () => {
    const seen = await performed({ tokens: 130 }, asked('Hello'));
    expect(seen.map((item) => (Array.isArray(item) ? item.length : item))).toEqual([0, 64, 0, 64, 0, 2, 2]);
  });

  it('counts words as usage', async () => {
    const parts = await answerOf(new MockProvider(CONFIG), asked('exactly: one two three'));
    expect(parts.slice(-2)).toEqual([
      { type: 'usage', usage: { promptTokens: 4, completionTokens: 3, totalTokens: 7 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('stops at the longest answer allowed', async () => {
    const parts = await answerOf(new MockProvider(CONFIG), asked('exactly: one two three', { maxTokens: 2 }));
    expect(parts.slice(1)).toEqual([
      { type: 'text', text: ' two' },
      { type: 'usage', usage: { promptTokens: 4, completionTokens: 2, totalTokens: 6 } },
      { type: 'finish', reason: 'length' },
    ]);
  });

  it.each([
    [0, ''],
    [2, 'one two'],
  ])('fails before word %i as it is told to', async (failAtToken, heard) => {
    const texts: string[] = [];
    const answer = async () => {
      const mock = new MockProvider({ ...CONFIG, failAtToken });
      for await (const batch of mock.stream(asked('exactly: one two three'), new AbortController().signal)) {
        texts.push(...batch.map((part) => (part.type === 'text' ? part.text : '')));
      }
    };
    await expect(answer()).rejects.toMatchObject({ code: 'PROVIDER_ERROR' });
    expect(texts.join('')).toBe(heard);
  });

  it('does not fail where the answer is over before', async () => {
    const parts = await answerOf(new MockProvider({ ...CONFIG, failAtToken: 3 }), asked('exactly: one two three'));
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('waits in real time', async () => {
    const began = performance.now();
    await answerOf(new MockProvider({ ...CONFIG, firstTokenDelayMs: 20, tokenDelayMs: 10 }), asked('exactly: one two'));
    expect(performance.now() - began).toBeGreaterThanOrEqual(28);
  });

  it.each(['mock', 'mock-large', 'gpt-4o'])('answers to the name %s', async (model) => {
    expect(await answerOf(new MockProvider(CONFIG), asked('exactly: yes', { model }))).toHaveLength(3);
  });

  it('does not know other names', async () => {
    await expect(answerOf(new MockProvider(CONFIG), asked('Hello', { model: 'no-such-model' }))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('no-such-model'),
    });
  });
});
