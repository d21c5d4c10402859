import { newSecretId } from '../../common/ids.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import type { RunRecord } from '../../run/run-event.js';
import { type RunLog, RunLogRefusal } from '../../run/run-log.port.js';
import { MemoryRunLog } from './memory-run-log.adapter.js';
import { plantedRunLogBugs } from './planted-bugs.contract.js';
import { collect, END, runLogContract } from './run-log.contract.js';

/** Two owners, an attempt that began anew, half an emoji at the end of a chunk, and an empty one. */
const RECORDS: readonly RunRecord[] = [
  { seq: 0, epoch: 1, type: 'text.delta', data: { text: 'Hel', index: 0, offset: 0 } },
  { seq: 1, epoch: 1, type: 'text.delta', data: { text: 'lo \ud83d', index: 1, offset: 3 } },
  { seq: 2, epoch: 2, type: 'text.delta', data: { text: '\ude00', index: 2, offset: 8 } },
  { seq: 3, epoch: 2, type: 'usage', data: END.usage },
  { seq: 4, epoch: 2, type: 'text.delta', data: { text: '', index: 3, offset: 9 } },
  { seq: 5, epoch: 2, type: 'text.delta', data: { text: '\ud83d', index: 0, offset: 0 } },
  { seq: 6, epoch: 2, type: 'text.delta', data: { text: 'é', index: 1, offset: 1 } },
  { seq: 7, epoch: 2, type: 'run.completed', data: END },
];

async function ended(log: RunLog): Promise<{ runId: string; records: readonly RunRecord[] }> {
  const runId = newSecretId();
  await log.open(runId, 1);
  await log.append(runId, RECORDS.slice(0, 2));
  await log.open(runId, 2);
  await log.append(runId, RECORDS.slice(2));
  return { runId, records: RECORDS };
}

const open = () => new MemoryRunLog(new FakeClock());

describe('The memory run log', () => {
  proveContract(runLogContract, open);

  it('drops an ended log when its retention is over', async () => {
    const clock = new FakeClock();
    const log = new MemoryRunLog(clock);
    const runId = newSecretId();
    await log.open(runId, 1);
    await log.append(runId, [{ seq: 0, epoch: 1, type: 'run.completed', data: END }]);
    await log.retire(runId, 1000);
    clock.advance(999);
    expect(await log.find(runId)).toBeDefined();
    clock.advance(2);
    expect(await log.find(runId)).toBeUndefined();
  });

  it('keeps of an ended log every record, its term and a wish to stop, for no longer than before', async () => {
    const clock = new FakeClock();
    const log = new MemoryRunLog(clock);
    const { runId, records } = await ended(log);
    await log.retire(runId, 1000);
    expect(await collect(log, runId, -1)).toEqual(records);
    expect(await collect(log, runId, 3)).toEqual(records.slice(4));
    clock.advance(600);
    expect(await log.requestStop(runId)).toBe(true);
    await log.open(runId, 5);
    await expect(log.open(runId, 4)).rejects.toThrow(RunLogRefusal);
    await log.append(runId, records.slice(-1));
    expect(await log.find(runId)).toEqual({ epoch: 5, nextSeq: 8, terminal: records[7], stopRequested: true });
    expect(await collect(log, runId, -1)).toEqual(records);
    clock.advance(401);
    expect(await log.find(runId)).toBeUndefined();
  });

  it('lets a reader who is late finish the log that ended meanwhile', async () => {
    const log = new MemoryRunLog(new FakeClock());
    const { runId, records } = await ended(log);
    const reader = log.follow(runId, -1, new AbortController().signal)[Symbol.asyncIterator]();
    await log.retire(runId, 1000);
    const { value } = await reader.next();
    expect(value).toEqual(records);
    expect((await reader.next()).done).toBe(true);
  });
});

describe('The run log contract catches', () => {
  it.each(plantedRunLogBugs)('%s', async (_bug, Bug, caughtBy) => {
    const suspects = runLogContract.filter((contractCase) => contractCase.name === caughtBy);
    expect(await failingCases(suspects, () => new Bug(open()))).toEqual([caughtBy]);
  });
});
