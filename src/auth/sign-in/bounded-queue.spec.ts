import { BoundedQueue } from './bounded-queue.js';

function openQueue() {
  let time = 0;
  const queue = new BoundedQueue({ concurrency: 2, maxWaiting: 2, patienceMs: 100 }, () => time);
  const begun: number[] = [];
  const ends = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
  const run = (i: number) =>
    queue.run(() => {
      begun.push(i);
      return ends[i]!.promise;
    });
  return { begun, run, end: (i: number) => ends[i]!.resolve(i), ends, pass: (ms: number) => (time += ms) };
}

describe('Talksy, doing expensive work in turn,', () => {
  it('does a few pieces at once, and the next when one ends', async () => {
    const { begun, run, end } = openQueue();
    const work = [0, 1, 2, 3].map(run);
    expect(begun).toEqual([0, 1]);
    end(1);
    expect(await work[1]).toBe(1);
    [0, 2, 3].forEach(end);
    expect(await Promise.all(work)).toEqual([0, 1, 2, 3]);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('refuses what would wait behind too many', async () => {
    const { run, end } = openQueue();
    const work = [0, 1, 2, 3].map(run);
    await expect(run(4)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 2000 });
    [0, 1, 2, 3].forEach(end);
    await Promise.all(work);
  });

  it('sends away who has waited too long, and goes on with the next', async () => {
    const { begun, run, end, pass } = openQueue();
    const [first, second, third] = [run(0), run(1), run(2)];
    pass(101);
    const fourth = run(3);
    end(0);
    await expect(third).rejects.toMatchObject({ code: 'OVERLOADED' });
    [1, 3].forEach(end);
    await Promise.all([first, second, fourth]);
    expect(begun).toEqual([0, 1, 3]);
  });

  it('goes on after a failure', async () => {
    const { run, ends, end } = openQueue();
    const failing = run(0);
    ends[0]!.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    const work = [1, 2, 3].map(run);
    [1, 2, 3].forEach(end);
    expect(await Promise.all(work)).toEqual([1, 2, 3]);
  });
});
