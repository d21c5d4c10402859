import type { ModelMessage } from '../common/model-message.js';
import { modelMessagesOf, withMatchedCalls } from './model-view.js';

const call = (callId: string) => ({ callId, name: 'f', arguments: '{}' });
const result = (callId: string): ModelMessage => ({ role: 'tool', callId, content: 'r' });
const USER: ModelMessage = { role: 'user', content: 'q' };

describe('What models read of a message', () => {
  it('is its text, or what stands for that', () => {
    expect(modelMessagesOf({ role: 'user', content: 'q' })).toEqual([USER]);
    expect(modelMessagesOf({ role: 'user', content: 'q', items: [result('a')] })).toEqual([result('a')]);
    expect(modelMessagesOf({ role: 'assistant', content: '' })).toEqual([]);
    expect(modelMessagesOf({ role: 'assistant', content: '', calls: [call('a')] })).toEqual([
      { role: 'assistant', content: '', toolCalls: [call('a')] },
    ]);
  });

  it('has no call without its result, and no result without its call', () => {
    const said: ModelMessage = { role: 'assistant', content: 'so', toolCalls: [call('a'), call('b')] };
    expect(withMatchedCalls([USER, said, result('b'), USER])).toEqual([
      USER,
      { ...said, toolCalls: [call('b')] },
      result('b'),
      USER,
    ]);
    expect(withMatchedCalls([result('a'), USER, said])).toEqual([USER, { role: 'assistant', content: 'so' }]);
    expect(withMatchedCalls([USER, { role: 'assistant', content: '', toolCalls: [call('a')] }])).toEqual([USER]);
  });
});
