import { jest } from '@jest/globals';
import { within } from '../../../../test/support/within.js';
import { ReadTick } from './read-tick.js';

const entered = (tick: ReadTick, readAt = tick.at): Promise<number> =>
  new Promise((resolve) => tick.enter(readAt, () => resolve(performance.now())));
const many = (tick: ReadTick, count: number, readAt = tick.at): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => entered(tick, readAt)));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

describe('The pace of reading', () => {
  it('lets whoever comes behind a pause go on at once', () => {
    let gone = false;
    new ReadTick().enter(0, () => (gone = true));
    expect(gone).toBe(true);
  });

  it('never lets at once who has nothing to read yet', async () => {
    const tick = new ReadTick();
    let gone = false;
    const going = new Promise<void>((resolve) => {
      tick.enter(
        0,
        () => {
          gone = true;
          resolve();
        },
        false,
      );
    });
    expect(gone).toBe(false);
    await within('the tick', going);
  });

  it('lets all who come meanwhile go on together, in their order', async () => {
    const tick = new ReadTick();
    const gone: number[] = [];
    tick.enter(tick.at, () => gone.push(1));
    for (const reader of [2, 3, 4]) tick.enter(tick.at, () => gone.push(reader));
    expect(gone).toEqual([1]);
    await within('the tick', entered(tick));
    expect(gone).toEqual([1, 2, 3, 4]);
  });

  it('lets others have the event loop while very many go on', async () => {
    const tick = new ReadTick();
    await entered(tick);
    const gone: number[] = [];
    let goneBetween = 0;
    const readers = Array.from({ length: 100 }, (_, reader) => reader);
    for (const reader of readers) tick.enter(tick.at, () => gone.push(reader));
    tick.enter(tick.at, () => undefined);
    const turn = (): void => {
      if (goneBetween === 0) goneBetween = gone.length;
      if (gone.length < readers.length) setImmediate(turn);
    };
    turn();
    await within(
      'all of them',
      until(() => gone.length === readers.length),
    );
    expect(gone).toEqual(readers);
    expect(goneBetween).toBeLessThan(readers.length);
  });

  describe('by the clock', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
    afterEach(() => void jest.useRealTimers());

    /** Lets time pass until this has come. */
    const passing = async <T>(reading: Promise<T>): Promise<T> => {
      let isDone = false;
      void reading.then(() => (isDone = true));
      for (;;) {
        await new Promise(setImmediate);
        if (isDone) return reading;
        jest.advanceTimersByTime(1);
      }
    };

    it('waits a few milliseconds for a few answers and about 50 for many', async () => {
      const tick = new ReadTick();
      const startedAt = await entered(tick);
      const [fewAt] = await passing(many(tick, 1000));
      const manyAt = await passing(entered(tick));
      expect([fewAt! - startedAt, manyAt - fewAt!]).toEqual([4, 50]);
    });

    it('knows who has missed a tick', async () => {
      const tick = new ReadTick();
      await entered(tick);
      const { at } = tick;
      await passing(entered(tick));
      expect(tick.follows(at)).toBe(true);
      await passing(entered(tick));
      expect(tick.follows(at)).toBe(false);
    });

    it('spreads very many over the time to the next tick, each in its place', async () => {
      const tick = new ReadTick();
      await entered(tick);
      await passing(many(tick, 200));
      const startedAt = performance.now();
      const goneAt = await passing(many(tick, 200));
      const first = goneAt[0]!;
      expect(first - startedAt).toBeLessThanOrEqual(50);
      expect(goneAt).toEqual(goneAt.toSorted((a, b) => a - b));
      expect(goneAt.at(-1)! - first).toBeGreaterThan(25);
      expect(goneAt.at(-1)! - first).toBeLessThan(50);
    });

    it('lets slow answers not wait for each other, however many they are', async () => {
      const tick = new ReadTick();
      await entered(tick);
      for (let times = 0; times < 5; times++) {
        const [slowAt] = await passing(many(tick, 1000, -Infinity));
        expect((await passing(entered(tick))) - slowAt!).toBeLessThan(30);
      }
    });
  });
});
