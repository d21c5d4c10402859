import { SlidingWindow } from './sliding-window.js';

describe('A sliding window', () => {
  it('takes little memory for a large limit, and is never too generous', () => {
    const rule = { name: 'test', limit: 1_000_000, windowMs: 60_000 };
    const window = new SlidingWindow();
    for (let now = 0; now < 120_000; now += 7) expect(window.take(rule, now).allowed).toBe(true);
    expect(JSON.stringify(window).length).toBeLessThan(2000);
    const counted = rule.limit - window.take(rule, 120_000).remaining;
    expect(counted).toBeGreaterThanOrEqual(Math.floor(60_000 / 7));
    expect(counted).toBeLessThan((60_000 * 65) / 64 / 7 + 2);
  });

  it('waits a 64th of a window at most longer than it must', () => {
    const rule = { name: 'test', limit: 65, windowMs: 64_000 };
    const window = new SlidingWindow();
    for (let i = 0; i < 65; i++) window.take(rule, 500);
    expect(window.take(rule, 500).retryAfterMs).toBe(64_500);
    expect(window.take(rule, 64_999).allowed).toBe(false);
    expect(window.take(rule, 65_000)).toMatchObject({ allowed: true, remaining: 64 });
  });
});
