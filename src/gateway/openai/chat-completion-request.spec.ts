import { parseChatCompletion } from './chat-completion-request.js';

const message = { role: 'user', content: 'hi' };
const request = (more: object = {}) => ({ model: 'm', messages: [message], ...more });

describe('A chat completion request', () => {
  it('is read with what it leaves out, and what nobody knows', () => {
    expect(parseChatCompletion(request({ tools: null, user: 'x', logit_bias: {} }))).toEqual({
      model: 'm',
      ownTools: [],
      stream: false,
      includeUsage: false,
      prompt: { messages: [message] },
    });
  });

  it('may have roles, parts, calls and results', () => {
    const messages = [
      {
        role: 'developer',
        content: [
          { type: 'text', text: 'Be ' },
          { type: 'text', text: 'brief.' },
        ],
      },
      message,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'a\0b\ud83d' },
    ];
    expect(parseChatCompletion({ model: 'm', messages }).prompt.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      message,
      { role: 'assistant', content: '', toolCalls: [{ callId: 'c', name: 'f', arguments: '{}' }] },
      { role: 'tool', callId: 'c', content: 'a\ufffdb\ufffd' },
    ]);
  });

  it('tells functions of the caller from tools of ours, and tolerates tools that nobody knows', () => {
    const tools = [
      { type: 'function', function: { name: 'f' } },
      { type: 'talksy', name: 'calculator' },
      { type: 'web_search_preview' },
      null,
    ];
    expect(
      parseChatCompletion(request({ tools, tool_choice: { type: 'function', function: { name: 'f' } } })),
    ).toMatchObject({
      ownTools: ['calculator'],
      prompt: { tools: [{ name: 'f', parameters: {} }], toolChoice: { name: 'f' } },
    });
  });

  it.each([
    [null, 'body'],
    [{ messages: [message] }, 'model'],
    [request({ messages: [] }), 'messages'],
    [request({ messages: [{ role: 'robot', content: 'x' }] }), 'messages.0.role'],
    [request({ messages: [{ role: 'system', content: [{ type: 'image_url' }] }] }), 'messages.0.content'],
    [request({ messages: [{ role: 'user', content: [{ type: 'video' }] }] }), 'messages.0.content'],
    [request({ temperature: 3 }), 'temperature'],
    [request({ n: 2 }), 'n'],
    [request({ tools: [{ type: 'function', function: { name: 'a b' } }] }), 'tools.0.function.name'],
  ])('is refused with the field at fault: %j', (body, field) => {
    expect(() => parseChatCompletion(body)).toThrow(
      expect.objectContaining({ details: [expect.objectContaining({ field })] }),
    );
  });
});
