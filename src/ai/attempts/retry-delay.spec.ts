import { retryDelayMs } from './retry-delay.js';

describe('The pause before another try', () => {
  it('is a random part of a span that doubles up to five seconds', () => {
    expect([1, 2, 3, 5, 6, 30].map((tries) => retryDelayMs(tries, undefined, 1))).toEqual([
      250, 500, 1000, 4000, 5000, 5000,
    ]);
    expect(retryDelayMs(3, undefined, 0.25)).toBe(250);
    expect(retryDelayMs(3, undefined, 0)).toBe(0);
  });

  it('is what the vendor asked for', () => {
    expect(retryDelayMs(1, 3210, 0.5)).toBe(3210);
    expect(retryDelayMs(1, 0, 0.5)).toBe(0);
  });
});
