import { scrubLine } from './log-scrubber.js';

const scrub = (entry: object): unknown => JSON.parse(scrubLine(JSON.stringify(entry)));

describe('the log of Talksy', () => {
  it('hides credentials and message texts at any depth', () => {
    const entry = {
      msg: 'kept',
      req: { headers: { Authorization: 'Bearer abc', 'set-cookie': ['a="1"; b', 'c'], 'x-api-key': 'k', host: 'h' } },
      data: [{ password: 'pa"ss\\word', refreshToken: 'r', deep: { content: 'a private "thought"' } }],
    };
    expect(scrub(entry)).toEqual({
      msg: 'kept',
      req: {
        headers: { Authorization: '[redacted]', 'set-cookie': '[redacted]', 'x-api-key': '[redacted]', host: 'h' },
      },
      data: [{ password: '[redacted]', refreshToken: '[redacted]', deep: { content: '[redacted]' } }],
    });
  });

  it.each([
    ['refused Bearer abc.def-123=', 'refused Bearer [redacted]'],
    ['bad token eyJhbGciOi.eyJzdWIiOi.c2ln_x at 3', 'bad token [redacted] at 3'],
    ['Incorrect API key: sk-proj-12345678.', 'Incorrect API key: [redacted].'],
    ['key tk_abcdefgh12', 'key [redacted]'],
    ['connect postgres://talksy:hunter2@db:5432/x', 'connect postgres://talksy:[redacted]@db:5432/x'],
  ])('hides the secret in "%s"', (msg, scrubbed) => {
    expect(scrub({ msg })).toEqual({ msg: scrubbed });
  });

  it('keeps ordinary sentences as they are', () => {
    const entry = { msg: 'GET http://localhost:3000/health took 3 ms; task-runner ok', path: '/a', status: 200 };
    expect(scrub(entry)).toEqual(entry);
  });
});
