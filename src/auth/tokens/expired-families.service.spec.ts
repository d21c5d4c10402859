import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryTokenFamilyStore } from '../../../test/support/memory-token-family-store.js';
import { MemoryUserStore } from '../../../test/support/memory-user-store.js';
import { Accounts } from '../../user/accounts.service.js';
import { ExpiredFamilies } from './expired-families.service.js';

const HOUR_MS = 3_600_000;

describe('Talksy, keeping sign-ins tidy,', () => {
  const clock = new FakeClock(Date.now() + 2 * HOUR_MS);
  const users = new MemoryUserStore();
  const accounts = new Accounts(users);
  const familiesWith = async (...lifeMs: number[]) => {
    const families = new MemoryTokenFamilyStore(clock);
    for (const life of lifeMs) {
      const expiresAt = new Date(clock.now() + life);
      await families.open({ id: `for ${life}`, userId: 'u', expiresAt }, `token for ${life}`);
    }
    return families;
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    jest.useFakeTimers();
  });
  afterEach(() => {
    Logger.overrideLogger(['error']);
    jest.useRealTimers();
  });

  it('deletes what has expired at start and after every hour', async () => {
    const families = await familiesWith(-1, 1000, 2 * HOUR_MS);
    await accounts.ensure('guest', 'guest@guest.invalid', 'guest');
    const sweeper = new ExpiredFamilies(families, accounts, clock);
    sweeper.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(0);
    expect([...families.families.keys()]).toEqual(['for 1000', `for ${2 * HOUR_MS}`]);
    expect(await accounts.find('guest')).toBeUndefined();
    clock.advance(HOUR_MS);
    await jest.advanceTimersByTimeAsync(HOUR_MS);
    expect([...families.families.keys()]).toEqual([`for ${2 * HOUR_MS}`]);
    await sweeper.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([new Error('no database'), 'no database'])('survives a sweep that fails with %p', async (failure) => {
    const families = await familiesWith();
    families.deleteExpired = async () => {
      throw failure;
    };
    const sweeper = new ExpiredFamilies(families, accounts, clock);
    sweeper.onApplicationBootstrap();
    await expect(sweeper.onModuleDestroy()).resolves.toBeUndefined();
  });

  it('ends quietly where it never began', async () => {
    await expect(new ExpiredFamilies(await familiesWith(), accounts, clock).onModuleDestroy()).resolves.toBeUndefined();
  });
});
