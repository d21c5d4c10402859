import { newSecretId } from '../../common/ids.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { HotBench } from '../../../test/support/hot-bench.js';
import { HotRunLease } from './hot-run-lease.adapter.js';
import { MemoryRunLease } from './memory-run-lease.adapter.js';
import { RedisRunLease } from './redis-run-lease.adapter.js';

describe('The hot run lease', () => {
  let bench: HotBench;
  let redis: RedisRunLease;
  let lease: HotRunLease;
  const holder = { owner: 'node-a', epoch: 1 };

  beforeAll(async () => {
    bench = await HotBench.open();
    redis = new RedisRunLease(bench.hot.connections);
    lease = new HotRunLease(new MemoryRunLease(new FakeClock()), redis, bench.hot);
  });
  afterEach(() => bench.restore());
  afterAll(() => bench.close());

  it('is shared while Redis can be had', async () => {
    const runId = newSecretId();
    expect(await lease.acquire(runId, holder, 60_000)).toBe(true);
    expect(await redis.find(runId)).toEqual(holder);
    await bench.lose();
    await expect(lease.renew(runId, holder, 60_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(lease.acquire(runId, holder, 60_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await bench.restore();
    expect(await lease.renew(runId, holder, 60_000)).toBe(true);
    expect(await lease.release(runId, holder)).toBe(true);
    expect(await lease.find(runId)).toBeUndefined();
  });

  it('stays in memory where it began there', async () => {
    const runId = newSecretId();
    await bench.lose();
    expect(await lease.acquire(runId, holder, 60_000)).toBe(true);
    await expect(lease.acquire(newSecretId(), { ...holder, epoch: 2 }, 60_000)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await bench.restore();
    expect(await lease.renew(runId, holder, 60_000)).toBe(true);
    expect(await lease.acquire(runId, holder, 60_000)).toBe(true);
    expect(await redis.find(runId)).toBeUndefined();
    expect(await lease.find(runId)).toEqual(holder);
    expect(await lease.release(runId, holder)).toBe(true);
  });
});
