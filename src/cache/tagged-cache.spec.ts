import { FakeClock } from '../../test/support/fake-clock.js';
import { type Finding, TaggedCache } from './tagged-cache.js';

const MINUTE_MS = 60_000;

function openCache(maxSize = 3) {
  const clock = new FakeClock();
  const cache = new TaggedCache<string>({ maxSize, ttlMs: MINUTE_MS }, clock);
  const fill = (key: string, tags: string[] = [], endsAt?: number) =>
    cache.fill(key, async () => ({ value: `value of ${key}`, tags, ...(endsAt !== undefined && { endsAt }) }));
  return { cache, clock, fill };
}

describe('Talksy, remembering a lookup,', () => {
  it('gives it again until its time is over', async () => {
    const { cache, clock, fill } = openCache();
    expect(cache.find('a')).toBeUndefined();
    expect(await fill('a')).toBe('value of a');
    clock.advance(MINUTE_MS - 1);
    expect(cache.find('a')).toBe('value of a');
    clock.advance(1);
    expect(cache.find('a')).toBeUndefined();
  });

  it('never keeps it beyond the end of what was found', async () => {
    const { cache, clock, fill } = openCache();
    await fill('a', [], clock.now() + 10);
    clock.advance(10);
    expect(cache.find('a')).toBeUndefined();
  });

  it('drops by any of its tags, and leaves the others', async () => {
    const { cache, fill } = openCache();
    await fill('a', ['user:1', 'family:1']);
    await fill('b', ['user:1', 'family:2']);
    await fill('c', ['user:2']);
    cache.drop('family:1');
    expect([cache.find('a'), cache.find('b')]).toEqual([undefined, 'value of b']);
    cache.drop('user:1');
    expect([cache.find('b'), cache.find('c')]).toEqual([undefined, 'value of c']);
    cache.drop('user:1');
  });

  it('does not keep what was read before a drop and arrives after it', async () => {
    const { cache } = openCache();
    const late = Promise.withResolvers<Finding<string>>();
    const filled = cache.fill('a', () => late.promise);
    cache.drop('user:1');
    late.resolve({ value: 'stale', tags: ['user:1'] });
    expect(await filled).toBe('stale');
    expect(cache.find('a')).toBeUndefined();
  });

  it('keeps the newest finding under one key', async () => {
    const { cache, fill } = openCache();
    await fill('a', ['old']);
    await fill('a', ['new']);
    cache.drop('old');
    expect(cache.find('a')).toBe('value of a');
  });

  it('holds no more than it may, and no tag of what it has let go', async () => {
    const { cache, fill } = openCache(2);
    for (const key of ['a', 'b', 'c']) await fill(key, [`tag:${key}`]);
    expect(['a', 'b', 'c'].map((key) => cache.find(key))).toEqual([undefined, 'value of b', 'value of c']);
    expect((cache as unknown as { keysOf: Map<string, unknown> }).keysOf.size).toBe(2);
  });

  it('keeps nothing where it is switched off', async () => {
    const { cache, fill } = openCache(0);
    expect(await fill('a')).toBe('value of a');
    expect(cache.find('a')).toBeUndefined();
  });

  it('keeps nothing of a failure', async () => {
    const { cache } = openCache();
    await expect(cache.fill('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(cache.find('a')).toBeUndefined();
  });
});
