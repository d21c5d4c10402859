import type { CompletionChunk } from './completion-chunk.js';
import { DeltaTemplate } from './delta-template.js';

const META = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'fp' };
const chunk = (content: string, extras: object = {}) => ({
  ...META,
  choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  ...extras,
});

function taught(lesson: object | string): DeltaTemplate {
  const template = new DeltaTemplate();
  const json = typeof lesson === 'string' ? lesson : JSON.stringify(lesson);
  template.learn(json, JSON.parse(json) as CompletionChunk);
  return template;
}

const read = (template: DeltaTemplate, given: object): string | undefined => template.match(JSON.stringify(given));

describe('The template of text chunks', () => {
  it('knows nothing before its first lesson', () => {
    expect(read(new DeltaTemplate(), chunk('a'))).toBeUndefined();
  });

  it.each([
    ['as OpenAI sends it', {}, {}],
    ['with a usage of null', { usage: null }, { usage: null }],
    ['with padding that changes', { obfuscation: 'abc' }, { obfuscation: 'defgh' }],
    ['with padding and more behind it', { obfuscation: 'a', x: [1] }, { obfuscation: '', x: [1] }],
  ])('reads a chunk %s', (_case, first, next) => {
    expect(read(taught(chunk('one', first)), chunk(' two', next))).toBe(' two');
    expect(read(taught(chunk('one', first)), chunk('', next))).toBe('');
  });

  it('reads chunks that are written with blanks', () => {
    const spaced = (content: string): string => `{ "id": "x", "choices": [ {"delta": {"content": "${content}"}} ] }`;
    expect(taught(spaced('one')).match(spaced('two'))).toBe('two');
  });

  it.each([
    ['an escape', chunk('a "b"')],
    ['half a surrogate pair', chunk('\ud83d')],
    ['a finish', { ...META, choices: [{ index: 0, delta: { content: 'a' }, logprobs: null, finish_reason: 'stop' }] }],
    ['a usage', chunk('a', { usage: { prompt_tokens: 1 } })],
    ['another choice', { ...META, choices: [{ ...chunk('a').choices[0], index: 1 }] }],
    ['another id', { ...chunk('a'), id: 'other' }],
    ['a tool call', { ...META, choices: [{ index: 0, delta: { content: 'a', tool_calls: [{}] } }] }],
    ['nothing behind the text', {}],
  ])('leaves %s to the parser', (_case, given) => {
    expect(read(taught(chunk('one')), given)).toBeUndefined();
  });

  it('leaves what is no JSON to the parser', () => {
    const template = taught(chunk('one'));
    const json = JSON.stringify(chunk('XX'));
    expect(template.match(json.replace('XX', 'a\tb'))).toBeUndefined();
    expect(template.match(json.slice(0, -1))).toBeUndefined();
    expect(template.match(json.slice(0, json.indexOf('XX')))).toBeUndefined();
    const padded = taught(chunk('one', { obfuscation: 'abc' }));
    expect(padded.match(JSON.stringify(chunk('a', { obfuscation: 'b"c' })))).toBeUndefined();
    expect(padded.match(JSON.stringify(chunk('a')))).toBeUndefined();
  });

  it.each([
    ['a chunk with an escape', chunk('a\n')],
    ['a chunk with a finish', { choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }],
    ['a chunk of two choices', { choices: [...chunk('a').choices, ...chunk('a').choices] }],
    ['a chunk without choices', META],
    ['padding at another place', chunk('a', { inner: { obfuscation: 'abc' } })],
    ['a chunk whose content stands twice', '{"choices":[{"delta":{"content":"a","content":"a"}}]}'],
    ['content that is another’s', '{"x":{"content":"a"},"choices":[{"delta":{"content":"a"}}]}'],
  ])('learns nothing from %s', (_case, lesson) => {
    const template = taught(lesson);
    const json = typeof lesson === 'string' ? lesson : JSON.stringify(lesson);
    expect(template.match(json)).toBeUndefined();
  });

  it('learns anew where the frame changes, but not for ever in vain', () => {
    const template = new DeltaTemplate();
    for (let created = 0; created < 20; created++) {
      const lesson = { ...chunk('a'), created };
      template.learn(JSON.stringify(lesson), lesson);
      expect(read(template, lesson)).toBe(created < 20 ? 'a' : undefined);
    }
    for (let id = 0; id < 20; id++) {
      const lesson = { ...chunk('a'), id: `${id}` };
      template.learn(JSON.stringify(lesson), lesson);
    }
    expect(read(template, { ...chunk('a'), id: '19' })).toBeUndefined();
  });
});
