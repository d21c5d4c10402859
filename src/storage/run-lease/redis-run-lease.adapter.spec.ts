import { failingCases, proveContract } from '../../../test/support/contract.js';
import { testRedisConfig } from '../../../test/support/test-redis.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisRunLease } from './redis-run-lease.adapter.js';
import { type LeaseUnderTest, runLeaseContract } from './run-lease.contract.js';

class RenewsForAnyone extends RedisRunLease {
  override async renew(): Promise<boolean> {
    return true;
  }
}

describe('The Redis run lease', () => {
  let connections: RedisConnections;
  beforeAll(async () => {
    connections = new RedisConnections(await testRedisConfig());
    await connections.untilUp();
  });
  afterAll(() => connections.close());

  /** Real time passes: Redis is asked until its clock has moved so far. */
  const pass = async (ms: number): Promise<void> => {
    const since = await redisNow();
    while ((await redisNow()) - since < ms) await new Promise(setImmediate);
  };
  const redisNow = async (): Promise<number> => {
    const [seconds, micros] = await connections.commands.time();
    return Number(seconds) * 1000 + Number(micros) / 1000;
  };
  const under = (Lease: typeof RedisRunLease) => (): LeaseUnderTest => ({ lease: new Lease(connections), pass });

  proveContract(runLeaseContract, under(RedisRunLease));

  it('renews the others where one lease is spoilt', async () => {
    const lease = new RedisRunLease(connections);
    const holder = { owner: 'node-a', epoch: 1 };
    const runIds = ['before', 'spoilt', 'behind'];
    await connections.commands.set(connections.key('run:{spoilt}:lease'), 'not a lease');
    for (const runId of ['before', 'behind']) await lease.acquire(runId, holder, 60_000);
    const renewed = await Promise.allSettled(runIds.map((runId) => lease.renew(runId, holder, 60_000)));
    expect(renewed.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([true, 'failed', true]);
  });

  it('has a contract that catches a lease that anyone can renew', async () => {
    expect(await failingCases(runLeaseContract, under(RenewsForAnyone))).toContain(
      '2: is renewed and released by nobody else',
    );
  });
});
