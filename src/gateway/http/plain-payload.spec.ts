import { plainPayload } from './plain-payload.js';

const nested = (levels: number): object => {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = level % 2 ? { value } : [value];
  return { value };
};
const refusal = (message: string) => expect.objectContaining({ code: 'VALIDATION_ERROR', message });

describe('Talksy, given a payload,', () => {
  it('takes an object as it is', () => {
    const payload = { text: 'hello', list: [1, null, { deep: true }], bytes: new Uint8Array(4) };
    expect(plainPayload(payload)).toBe(payload);
  });

  it.each([null, undefined, 7, 'text', true, [], [{}]])('refuses %j', (value) => {
    expect(() => plainPayload(value)).toThrow(refusal('payload must be a JSON object'));
  });

  it('takes 32 levels, and refuses the 33rd', () => {
    expect(() => plainPayload(nested(31))).not.toThrow();
    expect(() => plainPayload(nested(32))).toThrow(refusal('payload must be nested 32 levels at most'));
    expect(() => plainPayload(nested(100_000))).toThrow(refusal('payload must be nested 32 levels at most'));
    expect(() => plainPayload({ a: { b: 1 } }, 1, 'body')).toThrow(refusal('body must be nested 1 levels at most'));
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a key named %s at any depth', (key) => {
    const message = `payload must not have a key named ${key}`;
    expect(() => plainPayload(JSON.parse(`{"${key}":1}`))).toThrow(refusal(message));
    expect(() => plainPayload(JSON.parse(`{"a":[{"b":{"${key}":{}}}]}`))).toThrow(refusal(message));
  });

  it('does not run out of stack or time on a wide one', () => {
    expect(() => plainPayload({ list: Array.from({ length: 200_000 }, () => ({ a: 1 })) })).not.toThrow();
  });
});
