import type { RateRule, RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRateCounter } from './memory-rate-counter.adapter.js';
import { type CounterUnderTest, rateCounterContract } from './rate-counter.contract.js';

const under = (Counter: new (clock: FakeClock) => MemoryRateCounter) => (): CounterUnderTest => {
  const clock = new FakeClock();
  return { counter: new Counter(clock), pass: async (ms) => clock.advance(ms), now: () => clock.now() };
};

describe('The memory rate counter', () => proveContract(rateCounterContract, under(MemoryRateCounter)));

class FixedWindows extends MemoryRateCounter {
  private readonly counts = new Map<string, number>();

  constructor(private readonly time: FakeClock) {
    super(time);
  }

  override async take({ name, limit, windowMs }: RateRule, caller: string): Promise<RateVerdict> {
    const start = this.time.now() - (this.time.now() % windowMs);
    const key = `${name} ${caller} ${start}`;
    const count = this.counts.get(key) ?? 0;
    const allowed = count < limit;
    if (allowed) this.counts.set(key, count + 1);
    const resetAt = start + windowMs;
    const retryAfterMs = allowed ? 0 : resetAt - this.time.now();
    return { allowed, limit, remaining: Math.max(0, limit - count - 1), resetAt, retryAfterMs };
  }
}

class LooksBeforeItCounts extends MemoryRateCounter {
  private readonly taken = new Map<string, number>();

  override async take(rule: RateRule, caller: string): Promise<RateVerdict> {
    const key = `${rule.name} ${caller}`;
    const seen = this.taken.get(key) ?? 0;
    await Promise.resolve();
    this.taken.set(key, seen + 1);
    return super.take({ ...rule, limit: seen < rule.limit ? Infinity : rule.limit }, caller);
  }
}

class CountsRefusals extends MemoryRateCounter {
  override async take(rule: RateRule, caller: string): Promise<RateVerdict> {
    const verdict = await super.take(rule, caller);
    if (!verdict.allowed) await super.take({ ...rule, limit: Infinity }, caller);
    return verdict;
  }
}

class OneWindowForAll extends MemoryRateCounter {
  override async take(rule: RateRule): Promise<RateVerdict> {
    return super.take(rule, 'everybody');
  }
}

class GivesBackWhatever extends MemoryRateCounter {
  private last: RateVerdict | undefined;

  override async take(rule: RateRule, caller: string): Promise<RateVerdict> {
    const verdict = await super.take(rule, caller);
    if (verdict.allowed) this.last = verdict;
    return verdict;
  }

  override async giveBack(rule: RateRule, caller: string): Promise<void> {
    await super.giveBack(rule, caller, this.last!);
  }
}

describe('The rate counter contract catches', () => {
  it.each([
    [
      'windows that stand still',
      FixedWindows,
      [
        '1: slides: no window of any place holds more than the limit, and none is wasted',
        '1: frees each place a window after it was taken',
      ],
    ],
    ['a look before the count', LooksBeforeItCounts, ['1: lets exactly the limit through, of a hundred at once']],
    ['refusals that count', CountsRefusals, ['2: does not count what it refuses']],
    ['one window for all', OneWindowForAll, ['4: counts each caller and each rule for itself']],
    [
      'giving back what was never taken',
      GivesBackWhatever,
      ['5: gives nothing back for a refusal, or for what is out of the window'],
    ],
  ])('%s', async (_name, Counter, cases) => {
    expect(await failingCases(rateCounterContract, under(Counter))).toEqual(expect.arrayContaining(cases));
  });
});
