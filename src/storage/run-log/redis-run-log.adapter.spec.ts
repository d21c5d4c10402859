import { newSecretId } from '../../common/ids.js';
import type { RunLog } from '../../run/run-log.port.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { testRedisConfig } from '../../../test/support/test-redis.js';
import { RedisChannels } from '../redis/redis-channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { plantedRunLogBugs } from './planted-bugs.contract.js';
import { RedisRunLog } from './redis-run-log.adapter.js';
import { runLogContract } from './run-log.contract.js';

describe('The Redis run log', () => {
  let connections: RedisConnections;
  let log: RedisRunLog;

  beforeAll(async () => {
    connections = new RedisConnections(await testRedisConfig());
    expect(await connections.untilUp()).toBe(true);
    log = new RedisRunLog(connections, new RedisChannels(connections), { node: newSecretId(), retentionMs: 60_000 });
  });
  afterAll(() => {
    log.close();
    connections.close();
  });

  proveContract<RunLog>(runLogContract, () => log);

  it.each(plantedRunLogBugs)('has a contract that catches %s', async (_bug, Bug, caughtBy) => {
    const suspects = runLogContract.filter((contractCase) => contractCase.name === caughtBy);
    expect(await failingCases(suspects, () => new Bug(log))).toEqual([caughtBy]);
  });
});
