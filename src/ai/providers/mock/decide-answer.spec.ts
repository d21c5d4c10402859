import type { ModelRequest } from '../../chat-model.port.js';
import type { ModelMessage, ModelTool } from '../../../common/model-message.js';
import { decideAnswer } from './decide-answer.js';

const user = (content: string): ModelMessage => ({ role: 'user', content });
const assistant = (content: string): ModelMessage => ({ role: 'assistant', content });
const WEATHER: ModelTool = {
  name: 'get_weather',
  description: 'Tells the weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const SHOP: ModelTool = { name: 'shop', description: 'Places an order', parameters: {} };
const CALCULATOR: ModelTool = {
  name: 'calculator',
  parameters: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] },
};

function decide(messages: string | ModelMessage[], extras: Partial<ModelRequest> = {}, words = 60) {
  const said = typeof messages === 'string' ? [user(messages)] : messages;
  return decideAnswer({ model: 'mock', messages: said, requestId: 'r', ...extras }, words);
}

const textOf = (...asked: Parameters<typeof decide>): string => {
  const answer = decide(...asked);
  return 'text' in answer ? answer.text : `called ${answer.call.name}`;
};

const calledBy = (...asked: Parameters<typeof decide>): [string, unknown] | undefined => {
  const answer = decide(...asked);
  return 'call' in answer ? [answer.call.name, JSON.parse(answer.call.arguments)] : undefined;
};

describe('The mock, asked for exact words,', () => {
  it.each([
    ['Say exactly: Hello!', 'Hello!'],
    ['Say exactly:  two  blanks \n and a line ', ' two  blanks \n and a line '],
    ['exactly: exactly: twice', 'exactly: twice'],
    ['exactly: ', ''],
    ['exactly: What is the weather? 2 + 2', 'What is the weather? 2 + 2'],
  ])('answers %j with %j', (asked, answer) => {
    expect(textOf(asked, { tools: [WEATHER, CALCULATOR], responseSchema: { type: 'object' } })).toBe(answer);
  });

  it('looks only at the last user text', () => {
    expect(textOf([user('exactly: old'), assistant('old'), user('Hello')])).not.toBe('old');
    expect(textOf([user('exactly: new'), assistant(''), { role: 'system', content: 'Be kind.' }])).toBe('new');
  });

  it('never says half a character', () => {
    expect(textOf('exactly: a\uD83D')).toBe('a\uFFFD');
  });
});

describe('The mock, offered tools,', () => {
  it.each([
    ['What is the weather in Oslo?', [SHOP, WEATHER], 'get_weather'],
    ['Please order a pizza', [WEATHER, SHOP], 'shop'],
    ['Book me a table', [SHOP], 'shop'],
    ['Use the tool get_weather', [SHOP, WEATHER], 'get_weather'],
    ['Which tools are there?', [SHOP, WEATHER], 'shop'],
  ])('asked %j calls %2$s', (asked, tools, name) => {
    expect(calledBy(asked, { tools })?.[0]).toBe(name);
  });

  it.each([
    ['Hello', {}],
    ['What is the weather?', { toolChoice: 'none' as const }],
    ['What is the weather?', { tools: [] }],
    ['Those bookkeepers and reorders', {}],
  ])('asked %j with %j calls none', (asked, extras) => {
    expect(calledBy(asked, { tools: [WEATHER], ...extras })).toBeUndefined();
  });

  it('fills the arguments with a valid sample', () => {
    expect(calledBy('weather', { tools: [WEATHER] })).toEqual(['get_weather', { city: 'sample' }]);
    expect(calledBy('order', { tools: [SHOP] })).toEqual(['shop', {}]);
  });

  it('gives the operands to a calculator', () => {
    expect(calledBy('What is 12 * 3?', { tools: [WEATHER, CALCULATOR] })).toEqual([
      'calculator',
      { expression: '12 * 3' },
    ]);
  });

  it('obeys a forced tool before anything else', () => {
    const tools = [SHOP, WEATHER];
    expect(calledBy('exactly: no', { tools, toolChoice: { name: 'get_weather' } })?.[0]).toBe('get_weather');
    expect(calledBy('exactly: no', { tools, toolChoice: 'required' })?.[0]).toBe('shop');
    expect(calledBy('weather', { tools, toolChoice: 'required' })?.[0]).toBe('get_weather');
    expect(textOf('exactly: no', { tools, toolChoice: { name: 'unknown' } })).toBe('no');
  });

  it('repeats the results, and calls no tool again for the same question', () => {
    const toolCalls = [{ callId: 'a', name: 'get_weather', arguments: '{}' }];
    const messages: ModelMessage[] = [
      user('weather'),
      { role: 'assistant', content: '', toolCalls },
      { role: 'tool', content: '{"celsius":21}', callId: 'a' },
      { role: 'tool', content: 'sunny', callId: 'b' },
    ];
    expect(textOf(messages, { tools: [WEATHER], toolChoice: 'required' })).toBe(
      'The tool returned: {"celsius":21}\nsunny',
    );
    expect(textOf([...messages, assistant('21'), user('weather')], { tools: [WEATHER] })).toBe('called get_weather');
  });

  it('names each call anew, and the same call the same', () => {
    const ids = ['weather', 'weather', 'weather now'].map((asked) => {
      const answer = decide(asked, { tools: [WEATHER] });
      return 'call' in answer && answer.call.callId;
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe('The mock, asked for the code word,', () => {
  it.each([
    ['The code word: BLUE-42. Keep it.', 'BLUE-42'],
    ['code word: purple elephant', 'purple elephant'],
    ['Code word: v1.2, please\nThanks', 'v1.2'],
  ])('recalls it from %j', (told, word) => {
    expect(textOf([user(told), assistant('Fine.'), user('What was the code word?')])).toBe(`The code word is ${word}`);
  });

  it('recalls the last one told, also by the system or in the same message', () => {
    const system: ModelMessage = { role: 'system', content: 'code word: old' };
    expect(textOf([system, user('What is the codeword?')])).toContain('old');
    expect(textOf([system, user('code word: new. What is the code word?')])).toContain('new');
  });

  it('does not take telling it for asking, nor invents one', () => {
    expect(textOf('code word: BLUE')).toContain('Mock reply');
    expect(textOf('What is the code word?')).toContain('Mock reply');
  });
});

describe('The mock, asked for a schema,', () => {
  const responseSchema = { type: 'object', properties: { answer: { type: 'string' }, sure: { type: 'boolean' } } };

  it('answers with a valid sample', () => {
    expect(JSON.parse(textOf('Hello', { responseSchema }))).toEqual({ answer: 'sample', sure: true });
  });

  it('puts what it knows into it', () => {
    const messages = [user('code word: BLUE'), user('What is the code word?')];
    expect(JSON.parse(textOf(messages, { responseSchema }))).toEqual({ answer: 'BLUE', sure: true });
  });
});

describe('The mock, behind a partial answer,', () => {
  it.each([
    ['of exact words', 'exactly: one two three'],
    ['of its own choice', 'Tell me more'],
  ])('%s, says exactly the rest', (_kind, asked) => {
    const whole = textOf(asked);
    for (const at of [1, 5, whole.length]) {
      expect(textOf([user(asked), assistant(whole.slice(0, at))])).toBe(whole.slice(at));
    }
  });

  it('that is not its own, goes on with the words it has left, and never begins a second answer', () => {
    expect(textOf([user('exactly: one two three four'), assistant('uno due')])).toBe(' three four');
    expect(textOf([user('exactly: one two three four'), assistant('uno due ')])).toBe('three four');
    expect(textOf([user('exactly: one'), assistant('uno due')])).toBe('');
  });

  it('calls the tool it would have called', () => {
    expect(textOf([user('weather'), assistant('Let me see')], { tools: [WEATHER] })).toBe('called get_weather');
  });
});
