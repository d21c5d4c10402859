import { HotStorage } from '../../src/storage/redis/hot-storage.js';
import { RedisConnections } from '../../src/storage/redis/redis-connections.js';
import { FaultProxy } from '../../src/verify/fault-proxy.js';
import { redisConfigOf, testRedisUrl } from './test-redis.js';
import { within } from './within.js';

/** Redis behind a network that the test breaks, as one node uses it. */
export class HotBench {
  private constructor(
    readonly hot: HotStorage,
    private readonly proxy: FaultProxy,
  ) {}

  static async open(): Promise<HotBench> {
    const url = await testRedisUrl();
    const proxy = await FaultProxy.start(Number(new URL(url).port));
    const hot = new HotStorage(new RedisConnections(redisConfigOf(proxy.urlOf(url))), 'database-1');
    await hot.start();
    return new HotBench(hot, proxy);
  }

  /** Resolves when the node knows that Redis is lost. */
  async lose(): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      const end = this.hot.connections.onChange(({ up }) => {
        if (up) return;
        end();
        resolve();
      });
    });
    await this.proxy.break('refuse');
    await within('the loss', lost);
  }

  /** Resolves when the node uses Redis again. */
  async restore(): Promise<void> {
    if (this.hot.usesRedis) return;
    const back = new Promise<void>((resolve) => {
      const end = this.hot.onReturn(() => {
        end();
        resolve();
      });
    });
    await this.proxy.heal();
    await within('the return', back);
  }

  async close(): Promise<void> {
    this.hot.close();
    await this.proxy.close();
  }
}
