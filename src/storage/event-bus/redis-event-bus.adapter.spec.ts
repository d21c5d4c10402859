import { FaultProxy } from '../../verify/fault-proxy.js';
import { redisConfigOf, startRedis } from '../../../test/support/test-redis.js';
import { within } from '../../../test/support/within.js';
import { HotStorage } from '../redis/hot-storage.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisEventBus } from './redis-event-bus.adapter.js';

describe('The Redis event bus', () => {
  let redis: { url: string; stop: () => Promise<void> };
  let proxy: FaultProxy;
  let nodes: { hot: HotStorage; bus: RedisEventBus; heard: string[] }[];
  let watchers: (() => void)[];

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.start(Number(new URL(redis.url).port));
    watchers = [];
    nodes = await Promise.all([openNode('a', proxy.urlOf(redis.url)), openNode('b', redis.url)]);
  });
  afterEach(async () => {
    for (const { hot, bus } of nodes) {
      bus.close();
      hot.close();
    }
    await proxy.close();
    await redis.stop();
  });

  async function openNode(name: string, url: string) {
    const hot = new HotStorage(new RedisConnections(redisConfigOf(url, 'talksy:')), 'database-1');
    await hot.start();
    expect(hot.usesRedis).toBe(true);
    const bus = new RedisEventBus(hot, name);
    const heard: string[] = [];
    bus.subscribe('family.revoked', ({ familyId }) => {
      heard.push(familyId);
      for (const look of watchers) look();
    });
    return { hot, bus, heard };
  }

  const untilHeard = (node: number, familyId: string): Promise<void> =>
    within(
      `${familyId} on node ${node}`,
      new Promise((resolve) => {
        const look = () => nodes[node]!.heard.includes(familyId) && resolve();
        watchers.push(look);
        look();
      }),
      8000,
    );
  const untilDown = () =>
    new Promise<void>((resolve) => nodes[0]!.hot.connections.onChange(({ up }) => !up && resolve()));

  it('delivers to all nodes, and to the own one once', async () => {
    await nodes[0]!.bus.publish('family.revoked', { familyId: 'f1' });
    expect(nodes[0]!.heard).toEqual(['f1']);
    await untilHeard(1, 'f1');
    await nodes[1]!.bus.publish('family.revoked', { familyId: 'f2' });
    await untilHeard(0, 'f2');
    expect(nodes[0]!.heard).toEqual(['f1', 'f2']);
  });

  it('delivers when Redis is back what was published or announced meanwhile', async () => {
    const down = untilDown();
    await proxy.break('refuse');
    await down;
    await nodes[0]!.bus.publish('family.revoked', { familyId: 'from the cut-off node' });
    await nodes[1]!.bus.publish('family.revoked', { familyId: 'to the cut-off node' });
    expect(nodes[0]!.heard).toEqual(['from the cut-off node']);
    await proxy.heal();
    await untilHeard(1, 'from the cut-off node');
    await untilHeard(0, 'to the cut-off node');
  });
});
