import { newSecretId } from '../../common/ids.js';
import type { RunRecord } from '../../run/run-event.js';
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

  it('appends to the others where one log is spoilt', async () => {
    const runIds = [newSecretId(), newSecretId(), newSecretId()];
    for (const runId of runIds) await log.open(runId, 1);
    const spoilt = connections.key(`run:{${runIds[1]}}:head`);
    await connections.commands.set(spoilt, 'not a head');
    const first: RunRecord = { seq: 0, epoch: 1, type: 'text.delta', data: { text: 't', index: 0, offset: 0 } };
    const appended = await Promise.allSettled(runIds.map((runId) => log.append(runId, [first])));
    expect(appended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await connections.commands.del(spoilt);
  });

  it.each(plantedRunLogBugs)('has a contract that catches %s', async (_bug, Bug, caughtBy) => {
    const suspects = runLogContract.filter((contractCase) => contractCase.name === caughtBy);
    expect(await failingCases(suspects, () => new Bug(log))).toEqual([caughtBy]);
  });
});
