import type { RunRecord } from '../../run/run-event.js';
import { LogCopy } from './log-copy.js';
import { SharedFollower, type SharedLogSource } from './shared-follower.js';

const NEVER = new AbortController().signal;
const delta = (seq: number): RunRecord => ({
  seq,
  epoch: 1,
  type: 'text.delta',
  data: { text: 't', index: seq, offset: seq },
});

/** A source that gives one copy after the other, and counts how many are held. */
function sourceOf(...copies: LogCopy[]): SharedLogSource & { held: number } {
  const source = {
    held: 0,
    hold: async () => {
      const copy = copies.shift();
      if (!copy) return undefined;
      source.held++;
      return { copy, release: () => void source.held-- };
    },
    past: async () => [],
  };
  return source;
}

describe('A follower of a shared log', () => {
  it('ends and gives the copy back when it is called away while it waits', async () => {
    const source = sourceOf(new LogCopy(0));
    const follower = new SharedFollower(source, -1, NEVER);
    const next = follower.next();
    await new Promise(setImmediate);
    expect(source.held).toBe(1);
    await follower.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(source.held).toBe(0);
    expect(await follower.next()).toEqual({ done: true, value: undefined });
  });

  it('gives back a copy that it gets when it has left already', async () => {
    const source = sourceOf(new LogCopy(0));
    const follower = new SharedFollower(source, -1, NEVER);
    const next = follower.next();
    await follower.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(source.held).toBe(0);
  });

  it('goes on where another copy is kept, behind what it has read', async () => {
    const [first, second] = [new LogCopy(0), new LogCopy(0)];
    const source = sourceOf(first, second);
    const follower = new SharedFollower(source, -1, NEVER);
    first.take([delta(0)]);
    expect(await follower.next()).toMatchObject({ value: [delta(0)] });
    const next = follower.next();
    first.close('moved');
    second.take([delta(0), delta(1)]);
    expect(await next).toMatchObject({ value: [delta(1)] });
    expect(source.held).toBe(1);
  });

  it('pushes what the other copy has, and what neither has any more, each once', async () => {
    const [first, second] = [new LogCopy(0), new LogCopy(3)];
    const source = { ...sourceOf(first, second), past: async (seq: number) => [delta(1), delta(2)].slice(seq - 1) };
    const given: number[] = [];
    const over = new SharedFollower(source, -1, NEVER).pushTo((batch) => {
      given.push(...batch.map(({ seq }) => seq));
      return undefined;
    });
    await new Promise(setImmediate);
    first.take([delta(0)]);
    expect(given).toEqual([0]);
    first.close('moved');
    await new Promise(setImmediate);
    second.take([delta(3)]);
    expect(given).toEqual([0, 1, 2, 3]);
    second.take([
      { seq: 4, epoch: 1, type: 'run.completed', data: { finishReason: 'stop', lastIndex: 3 } } as RunRecord,
    ]);
    await over;
    expect(given).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives the copy back when who is pushed to throws, or leaves', async () => {
    const copies = [new LogCopy(0), new LogCopy(0)] as const;
    const source = sourceOf(...copies);
    const left = new AbortController();
    const thrown = new SharedFollower(source, -1, NEVER).pushTo(() => {
      throw new Error('no more');
    });
    const over = new SharedFollower(source, -1, left.signal).pushTo(() => undefined);
    await new Promise(setImmediate);
    expect(source.held).toBe(2);
    copies[0].take([delta(0)]);
    await expect(thrown).rejects.toThrow('no more');
    expect(source.held).toBe(1);
    left.abort();
    await over;
    expect(source.held).toBe(0);
  });
});
