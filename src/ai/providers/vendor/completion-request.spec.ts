import type { ModelRequest } from '../../chat-model.port.js';
import type { ModelMessage } from '../../../common/model-message.js';
import { toCompletionRequest } from './completion-request.js';

const USER: ModelMessage = { role: 'user', content: 'Hello' };
const requestOf = (extras: Partial<ModelRequest>) =>
  toCompletionRequest({ model: 'm', messages: [USER], requestId: 'r', ...extras });

describe('A request to a vendor', () => {
  it('says no more than was asked', () => {
    expect(requestOf({})).toEqual({ model: 'm', messages: [USER], stream: true });
  });

  it('carries tool calls and their results', () => {
    const call = { callId: 'c', name: 'f', arguments: '{"a":1}' };
    const messages: ModelMessage[] = [
      USER,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '2', callId: 'c' },
    ];
    expect(requestOf({ messages }).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', content: '2', tool_call_id: 'c' },
    ]);
  });

  it('asks to go on behind a partial answer', () => {
    const { messages } = requestOf({ messages: [USER, { role: 'assistant', content: 'Well' }] });
    expect(messages).toHaveLength(3);
    expect(messages[1]).toEqual({ role: 'assistant', content: 'Well' });
    expect(messages[2]).toMatchObject({
      role: 'user',
      content: expect.stringContaining('Go on exactly where it ends'),
    });
  });

  it.each([
    [undefined, undefined],
    ['required', 'required'],
    [{ name: 'f' }, { type: 'function', function: { name: 'f' } }],
  ] as const)('offers tools with the choice %p', (toolChoice, expected) => {
    const tools = [
      { name: 'f', description: 'does it', parameters: { type: 'object' } },
      { name: 'g', parameters: {} },
    ];
    const request = requestOf({ tools, ...(toolChoice && { toolChoice }) });
    expect(request.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'does it', parameters: { type: 'object' } } },
      { type: 'function', function: { name: 'g', parameters: {} } },
    ]);
    expect(request.tool_choice).toEqual(expected);
  });

  it('asks for an answer of a schema', () => {
    expect(requestOf({ responseSchema: { type: 'object' } }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: { type: 'object' } },
    });
  });
});
