import type { ModelPart, ModelRequest } from '../../chat-model.port.js';
import { CompletionAnswer } from './completion-answer.js';
import type { CompletionDelta } from './completion-chunk.js';

const REQUEST: ModelRequest = { model: 'm', messages: [{ role: 'user', content: 'four' }], requestId: 'r' };
const delta = (content: CompletionDelta) => ({ choices: [{ delta: content }] });
const finish = (reason: string) => ({ choices: [{ delta: {}, finish_reason: reason }] });

function played(chunks: readonly object[], request = REQUEST): ModelPart[] {
  const answer = new CompletionAnswer(request);
  return [...chunks.flatMap((chunk) => answer.add(chunk)), ...answer.end()];
}

describe('A vendor’s answer', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['eos', 'stop'],
  ])('that finishes with %s is %s for us', (theirs, ours) => {
    expect(played([finish(theirs)]).at(-1)).toEqual({ type: 'finish', reason: ours });
  });

  it('has our estimate of the usage, marked, where the vendor did not count', () => {
    expect(played([delta({ content: 'Hello my friend.' }), finish('stop')])).toContainEqual({
      type: 'usage',
      usage: { promptTokens: 1, completionTokens: 5, totalTokens: 6, estimated: true },
    });
  });

  it('has our estimate where the vendor’s count is nonsense', () => {
    const usage = { prompt_tokens: -1, completion_tokens: 2.5 };
    expect(played([finish('stop'), { choices: [], usage }])).toContainEqual({
      type: 'usage',
      usage: { promptTokens: 1, completionTokens: 0, totalTokens: 1, estimated: true },
    });
  });

  it('takes the last of several counts', () => {
    const counted = (completion: number) => ({ usage: { prompt_tokens: 3, completion_tokens: completion } });
    expect(played([counted(1), finish('stop'), counted(2)])).toContainEqual({
      type: 'usage',
      usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 },
    });
  });

  it('that forces a tool and says stop is a tool call all the same', () => {
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } };
    expect(played([delta({ tool_calls: [call] }), finish('stop')]).at(-1)).toEqual({
      type: 'finish',
      reason: 'tool_calls',
    });
  });

  it('shows a refusal as text', () => {
    expect(played([delta({ refusal: 'No.' }), finish('stop')])[0]).toEqual({ type: 'text', text: 'No.' });
  });

  it('counts reasoning as activity, but neither roles nor keep-alive chunks', () => {
    const answer = new CompletionAnswer(REQUEST);
    const chunks = [delta({ reasoning: 'hm' }), delta({ reasoning_content: 'hm' }), delta({ content: '' }), {}, null];
    expect(chunks.map((chunk) => answer.add(chunk).length)).toEqual([1, 1, 0, 0, 0]);
  });

  it('ignores what comes behind its finish', () => {
    const parts = played([finish('stop'), delta({ content: 'more' }), finish('length')]);
    expect(parts.map(({ type }) => type)).toEqual(['usage', 'finish']);
  });

  it('ends a lost half of a character with the replacement character', () => {
    expect(played([delta({ content: 'a\uD83D' }), finish('stop')]).slice(0, 2)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: '\uFFFD' },
    ]);
  });

  it('joins what it goes on behind without repeating its end', () => {
    const request: ModelRequest = { ...REQUEST, messages: [{ role: 'assistant', content: 'Once upon a time there' }] };
    const parts = played([delta({ content: ' a time there was' }), finish('stop')], request);
    expect(parts.slice(0, 2)).toEqual([{ type: 'activity' }, { type: 'text', text: ' was' }]);
  });

  it('fails where the vendor says in its extras why it stopped', () => {
    expect(() => played([{ x_groq: { error: 'over capacity' } }])).toThrow(
      expect.objectContaining({ code: 'PROVIDER_ERROR', cause: 'over capacity' }),
    );
  });

  it('fails where it ends without a finish', () => {
    expect(() => played([delta({ content: 'Hi' })])).toThrow(expect.objectContaining({ code: 'PROVIDER_ERROR' }));
  });
});
