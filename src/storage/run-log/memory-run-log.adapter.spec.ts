import { newSecretId } from '../../common/ids.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRunLog } from './memory-run-log.adapter.js';
import { plantedRunLogBugs } from './planted-bugs.contract.js';
import { runLogContract } from './run-log.contract.js';

const open = () => new MemoryRunLog(new FakeClock());

describe('The memory run log', () => {
  proveContract(runLogContract, open);

  it('drops an ended log when its retention is over', async () => {
    const clock = new FakeClock();
    const log = new MemoryRunLog(clock);
    const runId = newSecretId();
    await log.open(runId, 1);
    const end = {
      finishReason: 'stop',
      lastIndex: 0,
      usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
      provider: 'p',
      model: 'm',
    } as const;
    await log.append(runId, [{ seq: 0, epoch: 1, type: 'run.completed', data: end }]);
    await log.retire(runId, 1000);
    clock.advance(999);
    expect(await log.find(runId)).toBeDefined();
    clock.advance(2);
    expect(await log.find(runId)).toBeUndefined();
  });
});

describe('The run log contract catches', () => {
  it.each(plantedRunLogBugs)('%s', async (_bug, Bug, caughtBy) => {
    const suspects = runLogContract.filter((contractCase) => contractCase.name === caughtBy);
    expect(await failingCases(suspects, () => new Bug(open()))).toEqual([caughtBy]);
  });
});
