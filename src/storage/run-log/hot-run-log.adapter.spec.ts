import { newSecretId } from '../../common/ids.js';
import type { RunRecord } from '../../run/run-event.js';
import type { RunLog } from '../../run/run-log.port.js';
import { proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { HotBench } from '../../../test/support/hot-bench.js';
import { within } from '../../../test/support/within.js';
import { HotRunLog } from './hot-run-log.adapter.js';
import { MemoryRunLog } from './memory-run-log.adapter.js';
import { RedisRunLog } from './redis-run-log.adapter.js';
import { runLogContract } from './run-log.contract.js';

const delta = (seq: number): RunRecord => ({
  seq,
  epoch: 1,
  type: 'text.delta',
  data: { text: `t${seq}`, index: seq, offset: 2 * seq },
});

describe('The hot run log', () => {
  let bench: HotBench;
  let redis: RedisRunLog;
  let log: HotRunLog;

  beforeAll(async () => {
    bench = await HotBench.open();
    const { connections, channels } = bench.hot;
    redis = new RedisRunLog(connections, channels, { node: newSecretId(), retentionMs: 60_000 });
    log = new HotRunLog(new MemoryRunLog(new FakeClock()), redis, bench.hot);
  });
  afterEach(() => bench.restore());
  afterAll(async () => {
    redis.close();
    await bench.close();
  });

  proveContract<RunLog>(runLogContract, () => log);

  it('begins in memory what starts without Redis, and leaves it there', async () => {
    expect(log.shared).toBe(true);
    await bench.lose();
    const runId = newSecretId();
    await log.open(runId, 1);
    await log.append(runId, [delta(0)]);
    await bench.restore();
    expect(log.shared).toBe(false);
    await log.append(runId, [delta(1)]);
    expect(await log.find(runId)).toMatchObject({ nextSeq: 2 });
    expect(await redis.find(runId)).toBeUndefined();
    expect(await log.requestStop(runId)).toBe(true);
    await log.retire(runId, 0);
    expect(log.shared).toBe(true);
  });

  it('neither takes a run over nor knows one that began elsewhere while Redis is lost', async () => {
    await bench.lose();
    const runId = newSecretId();
    const unavailable = { code: 'STORE_UNAVAILABLE' };
    await expect(log.open(runId, 2)).rejects.toMatchObject(unavailable);
    await expect(log.find(runId)).rejects.toMatchObject(unavailable);
    await expect(log.append(runId, [delta(0)])).rejects.toMatchObject(unavailable);
    await expect(log.requestStop(runId)).rejects.toMatchObject(unavailable);
    await expect(log.retire(runId, 0)).rejects.toMatchObject(unavailable);
  });

  it('lets an owner go on that is covered', async () => {
    const runId = newSecretId();
    await log.open(runId, 1);
    const asked: string[] = [];
    log.allowUnlogged((id) => {
      asked.push(id);
      if (asked.length === 1) throw new Error('the database cannot be asked now');
      return true;
    });
    await bench.lose();
    await within('the append', Promise.resolve(log.append(runId, [delta(0)])));
    expect(asked).toEqual([runId, runId]);
    expect(await log.requestStop(runId)).toBe(true);
    expect(await log.untilStopRequested(runId, new AbortController().signal)).toBe(true);
  });
});
