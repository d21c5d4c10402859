import { FaultProxy } from '../../verify/fault-proxy.js';
import { newKeyPrefix, redisConfigOf, testRedisUrl } from '../../../test/support/test-redis.js';
import { within } from '../../../test/support/within.js';
import { HotStorage } from './hot-storage.js';
import { RedisConnections } from './redis-connections.js';

describe('Hot storage', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const open = async (databaseId: string, keyPrefix: string, url?: string): Promise<HotStorage> => {
    const hot = new HotStorage(
      new RedisConnections(redisConfigOf(url ?? (await testRedisUrl()), keyPrefix)),
      databaseId,
    );
    closing.push(() => hot.close());
    return hot;
  };

  it('starts on a Redis of nodes with the same database, and on no other', async () => {
    const keyPrefix = newKeyPrefix();
    for (const databaseId of ['database-1', 'database-1']) {
      const hot = await open(databaseId, keyPrefix);
      await hot.start();
      expect(hot.usesRedis).toBe(true);
    }
    const foreign = await open('database-2', keyPrefix);
    await expect(foreign.start()).rejects.toThrow('another database');
    expect(foreign.usesRedis).toBe(false);
    await (await open('database-2', newKeyPrefix())).start();
  });

  it('stays on memory where Redis appears and belongs to others', async () => {
    const keyPrefix = newKeyPrefix();
    const url = await testRedisUrl();
    await (await open('database-1', keyPrefix)).start();
    const proxy = await FaultProxy.start(Number(new URL(url).port));
    closing.push(() => proxy.close());
    await proxy.break('refuse');
    const late = await open('database-2', keyPrefix, proxy.urlOf(url));
    await late.start();
    expect(late.current).toMatchObject({ adapter: 'memory', reason: 'ECONNREFUSED' });
    await proxy.heal();
    const complained = async (): Promise<void> => {
      while (!late.current.reason?.includes('another database')) await new Promise(setImmediate);
    };
    await within('the complaint', complained());
    expect(late.usesRedis).toBe(false);
  });
});
