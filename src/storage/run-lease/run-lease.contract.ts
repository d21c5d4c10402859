import { newSecretId } from '../../common/ids.js';
import type { RunLease } from '../../run/run-lease.port.js';
import type { ContractCase } from '../../../test/support/contract.js';

/** A lease under test, and the way to let its store's time pass. */
export interface LeaseUnderTest {
  lease: RunLease;
  pass: (ms: number) => Promise<void>;
}

const TTL_MS = 400;
const first = { owner: 'node-a', epoch: 1 };
const second = { owner: 'node-b', epoch: 2 };

/** What every lease must keep; the numbers are those of the port's guarantees. */
export const runLeaseContract: readonly ContractCase<LeaseUnderTest>[] = [
  {
    name: '1: goes to one of two owners who want it at once',
    prove: async ({ lease }) => {
      const runId = newSecretId();
      const got = await Promise.all([lease.acquire(runId, first, TTL_MS), lease.acquire(runId, second, TTL_MS)]);
      expect(got.filter(Boolean)).toHaveLength(1);
    },
  },
  {
    name: '1: is acquired again by its own holder',
    prove: async ({ lease }) => {
      const runId = newSecretId();
      expect([await lease.acquire(runId, first, TTL_MS), await lease.acquire(runId, first, TTL_MS)]).toEqual([
        true,
        true,
      ]);
      expect(await lease.find(runId)).toEqual(first);
    },
  },
  {
    name: '1: is free for the next term once it has lapsed, and no longer for the last one',
    prove: async ({ lease, pass }) => {
      const runId = newSecretId();
      await lease.acquire(runId, first, TTL_MS);
      await pass(TTL_MS + 1);
      expect(await lease.find(runId)).toBeUndefined();
      expect(await lease.renew(runId, first, TTL_MS)).toBe(false);
      expect(await lease.acquire(runId, second, TTL_MS)).toBe(true);
      await pass(TTL_MS + 1);
      expect(await lease.acquire(runId, first, TTL_MS)).toBe(false);
    },
  },
  {
    name: '1: is not taken back by an earlier term after its release',
    prove: async ({ lease }) => {
      const runId = newSecretId();
      await lease.acquire(runId, second, TTL_MS);
      expect(await lease.release(runId, second)).toBe(true);
      expect(await lease.acquire(runId, first, TTL_MS)).toBe(false);
    },
  },
  {
    name: '2: lasts as long as its holder renews it',
    prove: async ({ lease, pass }) => {
      const runId = newSecretId();
      await lease.acquire(runId, first, TTL_MS);
      for (let i = 0; i < 3; i++) {
        await pass(TTL_MS / 2);
        expect(await lease.renew(runId, first, TTL_MS)).toBe(true);
      }
      expect(await lease.acquire(runId, second, TTL_MS)).toBe(false);
    },
  },
  {
    name: '2: is told of each of many that are renewed at once',
    prove: async ({ lease }) => {
      const runs = Array.from({ length: 250 }, (_, at) => ({ runId: newSecretId(), holder: at % 3 ? first : second }));
      await Promise.all(runs.map(({ runId, holder }) => lease.acquire(runId, holder, 60_000)));
      const renewed = await Promise.all(runs.map(async ({ runId }) => lease.renew(runId, first, 60_000)));
      expect(renewed).toEqual(runs.map(({ holder }) => holder === first));
      expect(await lease.find(runs[1]!.runId)).toEqual(first);
      expect(await lease.find(runs[0]!.runId)).toEqual(second);
    },
  },
  {
    name: '2: is renewed and released by nobody else',
    prove: async ({ lease }) => {
      const runId = newSecretId();
      await lease.acquire(runId, second, TTL_MS);
      expect(await lease.renew(runId, first, TTL_MS)).toBe(false);
      expect(await lease.release(runId, { ...second, epoch: 1 })).toBe(false);
      expect(await lease.find(runId)).toEqual(second);
    },
  },
];
