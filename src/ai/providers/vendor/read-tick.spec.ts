import { within } from '../../../../test/support/within.js';
import { ReadTick } from './read-tick.js';

const entered = (tick: ReadTick): Promise<number> =>
  new Promise((resolve) => tick.enter(() => resolve(performance.now())));
const many = (tick: ReadTick, count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, () => entered(tick)));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

describe('The pace of reading', () => {
  it('lets whoever comes behind a pause go on at once', () => {
    let gone = false;
    new ReadTick().enter(() => (gone = true));
    expect(gone).toBe(true);
  });

  it('lets all who come meanwhile go on together, in their order', async () => {
    const tick = new ReadTick();
    const gone: number[] = [];
    tick.enter(() => gone.push(1));
    for (const reader of [2, 3, 4]) tick.enter(() => gone.push(reader));
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
    for (const reader of readers) tick.enter(() => gone.push(reader));
    tick.enter(() => undefined);
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

  it('waits a few milliseconds for a few answers and about 50 for many', async () => {
    const tick = new ReadTick();
    const startedAt = await entered(tick);
    const [fewAt] = await many(tick, 1000);
    expect(fewAt! - startedAt).toBeGreaterThan(3);
    const manyAt = await within('the tick of a busy server', entered(tick));
    expect(manyAt - fewAt!).toBeGreaterThan(40);
  });
});
