import { ToolSlots } from './tool-slots.js';

const never = new AbortController().signal;

/** Takes slots and notes in which order they were given. */
function bench(limit: number) {
  const slots = new ToolSlots(limit);
  const given: string[] = [];
  const take = async (userId: string, name = userId, signal = never) => {
    const free = await slots.take(userId, signal);
    given.push(name);
    return free;
  };
  return { take, given };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('The slots for tool calls of Talksy', () => {
  it('let half of what may run be one user’s', async () => {
    const { take, given } = bench(4);
    void take('a', 'a1');
    void take('a', 'a2');
    void take('a', 'a3');
    await turn();
    expect(given).toEqual(['a1', 'a2']);
    void take('b');
    await turn();
    expect(given).toEqual(['a1', 'a2', 'b']);
  });

  it('are given in order, past those whose user has enough', async () => {
    const { take, given } = bench(2);
    const free = await take('a', 'a1');
    void take('a', 'a2');
    const other = await take('b', 'b1');
    void take('c', 'c1');
    other();
    await turn();
    expect(given).toEqual(['a1', 'b1', 'c1']);
    free();
    free();
    await turn();
    expect(given).toEqual(['a1', 'b1', 'c1', 'a2']);
  });

  it('let only so many wait', async () => {
    const { take } = bench(1);
    await take('a');
    const waiting = Array.from({ length: 8 }, () => take('a'));
    await expect(take('a')).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1000 });
    expect(waiting).toHaveLength(8);
  });

  it('are not kept for those who have given up', async () => {
    const { take, given } = bench(1);
    const free = await take('a');
    const leaving = new AbortController();
    const left = take('b', 'left', leaving.signal);
    void take('c');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(take('d', 'late', leaving.signal)).rejects.toThrow('gone');
    free();
    await turn();
    expect(given).toEqual(['a', 'c']);
  });
});
