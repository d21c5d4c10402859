import { rateLimitExceeded } from './rate-limit-error.js';

describe('A refusal by a limit', () => {
  it.each([
    [1, 'try again in 1 second.'],
    [1000, 'try again in 1 second.'],
    [1001, 'try again in 2 seconds.'],
  ])('says for a wait of %i ms: %s', (retryAfterMs, words) => {
    const verdict = { allowed: false, limit: 10, remaining: 0, resetAt: 0, retryAfterMs };
    const error = rateLimitExceeded('messages', verdict);
    expect(error).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED', retryAfterMs });
    expect(error.message).toBe(`At most 10 messages at a time; ${words}`);
  });
});
