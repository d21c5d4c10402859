import { within } from '../../../../test/support/within.js';
import { ReadTick } from './read-tick.js';

describe('The pace of reading', () => {
  it('lets all who wait go on at once, in their order', async () => {
    const tick = new ReadTick();
    const gone: number[] = [];
    const readers = [1, 2, 3].map(async (reader) => {
      await tick.next();
      gone.push(reader);
    });
    expect(gone).toEqual([]);
    await within('the tick', Promise.all(readers));
    expect(gone).toEqual([1, 2, 3]);
  });

  it('waits a few milliseconds for a few answers and about 50 for many', async () => {
    const tick = new ReadTick();
    const startedAt = performance.now();
    await tick.next();
    await Promise.all(Array.from({ length: 1000 }, () => tick.next()));
    const beforeBusy = performance.now();
    await within('the tick of a busy server', tick.next());
    expect(performance.now() - beforeBusy).toBeGreaterThan(40);
    expect(beforeBusy - startedAt).toBeGreaterThan(6);
  });
});
