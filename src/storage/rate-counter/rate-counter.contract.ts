import type { RateCounter, RateRule, RateVerdict } from '../../rate-limit/rate-counter.port.js';
import type { ContractCase } from '../../../test/support/contract.js';

/** A counter under test, and the way to let its time pass. Real time may pass besides, less than a second in a case. */
export interface CounterUnderTest {
  counter: RateCounter;
  pass: (ms: number) => Promise<void>;
  /** The counter's time. */
  now: () => number;
}

const SECOND = 1000;
const rule: RateRule = { name: 'test', limit: 3, windowMs: 60 * SECOND };

async function takeAll(counter: RateCounter, count: number, of = rule, caller = 'ada'): Promise<RateVerdict[]> {
  return Promise.all(Array.from({ length: count }, () => counter.take(of, caller)));
}

const allowed = (verdicts: RateVerdict[]): number => verdicts.filter((verdict) => verdict.allowed).length;

/** Requests at pseudo-random whole seconds; the seconds at which they were let through. */
async function play({ counter, pass }: CounterUnderTest, of: RateRule, steps: number): Promise<number[]> {
  const taken: number[] = [];
  let second = 0;
  let state = 7;
  for (let step = 0; step < steps; step++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const pause = (state >> 16) % 4;
    if (pause > 0) await pass(pause * SECOND);
    second += pause;
    if ((await counter.take(of, 'ada')).allowed) taken.push(second);
  }
  return taken;
}

/** What every counter must keep; the numbers are those of the port's guarantees. */
export const rateCounterContract: readonly ContractCase<CounterUnderTest>[] = [
  {
    name: '1: lets exactly the limit through, of a hundred at once',
    prove: async ({ counter }) => {
      expect(allowed(await takeAll(counter, 100, { ...rule, limit: 10 }))).toBe(10);
    },
  },
  {
    name: '1: slides: no window of any place holds more than the limit, and none is wasted',
    prove: async (under) => {
      const of = { ...rule, windowMs: 10 * SECOND };
      const taken = await play(under, of, 60);
      for (let at = of.limit; at < taken.length; at++) expect(taken[at]! - taken[at - of.limit]!).toBeGreaterThan(9);
      expect(taken.length).toBeGreaterThan(20);
    },
  },
  {
    name: '1: frees each place a window after it was taken',
    prove: async ({ counter, pass }) => {
      await takeAll(counter, 2);
      await pass(30 * SECOND);
      await takeAll(counter, 1);
      await pass(30 * SECOND);
      expect(allowed(await takeAll(counter, 5))).toBe(2);
      await pass(30 * SECOND);
      expect(allowed(await takeAll(counter, 5))).toBe(1);
    },
  },
  {
    name: '1: never lets more through than a limit of hundreds says',
    prove: async ({ counter, pass }) => {
      const of = { ...rule, limit: 200 };
      expect(allowed(await takeAll(counter, 150, of))).toBe(150);
      await pass(20 * SECOND);
      expect(allowed(await takeAll(counter, 150, of))).toBe(50);
      await pass(39 * SECOND);
      expect(allowed(await takeAll(counter, 5, of))).toBe(0);
      await pass(3 * SECOND);
      expect(allowed(await takeAll(counter, 300, of))).toBe(150);
    },
  },
  {
    name: '1: tells what is left, and when all is',
    prove: async ({ counter, pass, now }) => {
      const [first, second] = [await counter.take(rule, 'ada'), await counter.take(rule, 'ada')];
      expect([first, second]).toMatchObject([
        { allowed: true, limit: 3, remaining: 2, retryAfterMs: 0 },
        { allowed: true, limit: 3, remaining: 1, retryAfterMs: 0 },
      ]);
      await pass(10 * SECOND);
      await takeAll(counter, 1);
      const refused = await counter.take(rule, 'ada');
      expect(refused).toMatchObject({ allowed: false, limit: 3, remaining: 0 });
      expect(refused.takenAt).toBeUndefined();
      const inMs = refused.resetAt - now();
      expect([inMs > 58 * SECOND, inMs <= 60 * SECOND]).toEqual([true, true]);
    },
  },
  {
    name: '2: does not count what it refuses',
    prove: async ({ counter, pass }) => {
      await takeAll(counter, 3);
      await pass(55 * SECOND);
      expect(allowed(await takeAll(counter, 20))).toBe(0);
      await pass(5 * SECOND);
      expect(allowed(await takeAll(counter, 20))).toBe(3);
    },
  },
  {
    name: '3: lets through who has waited as long as it said, and not before',
    prove: async ({ counter, pass }) => {
      await takeAll(counter, 1);
      await pass(20 * SECOND);
      await takeAll(counter, 2);
      const { retryAfterMs } = await counter.take(rule, 'ada');
      expect([retryAfterMs > 38 * SECOND, retryAfterMs <= 40 * SECOND]).toEqual([true, true]);
      await pass(retryAfterMs - 2 * SECOND);
      expect(allowed(await takeAll(counter, 1))).toBe(0);
      await pass(2 * SECOND);
      expect(allowed(await takeAll(counter, 3))).toBe(1);
    },
  },
  {
    name: '3: says how long where the limit was lowered meanwhile',
    prove: async ({ counter, pass }) => {
      await takeAll(counter, 2);
      await pass(20 * SECOND);
      await takeAll(counter, 1);
      const lower = { ...rule, limit: 1 };
      const { retryAfterMs, remaining } = await counter.take(lower, 'ada');
      expect(remaining).toBe(0);
      await pass(retryAfterMs);
      expect(allowed(await takeAll(counter, 1, lower))).toBe(1);
    },
  },
  {
    name: '4: counts each caller and each rule for itself',
    prove: async ({ counter }) => {
      await takeAll(counter, 3);
      expect(allowed(await takeAll(counter, 5, rule, 'grace'))).toBe(3);
      expect(allowed(await takeAll(counter, 5, { ...rule, name: 'other' }))).toBe(3);
    },
  },
  {
    name: '5: gives back one, once',
    prove: async ({ counter }) => {
      const [verdict] = await takeAll(counter, 3);
      await counter.giveBack(rule, 'ada', verdict!);
      expect(allowed(await takeAll(counter, 5))).toBe(1);
    },
  },
  {
    name: '5: gives nothing back for a refusal, or for what is out of the window',
    prove: async ({ counter, pass }) => {
      const [old] = await takeAll(counter, 1);
      await pass(61 * SECOND);
      await takeAll(counter, 3);
      await counter.giveBack(rule, 'ada', old!);
      await counter.giveBack(rule, 'ada', await counter.take(rule, 'ada'));
      await counter.giveBack(rule, 'nobody', old!);
      expect(allowed(await takeAll(counter, 5))).toBe(0);
    },
  },
];
