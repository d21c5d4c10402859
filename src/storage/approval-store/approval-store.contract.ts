import { newRowId } from '../../common/ids.js';
import type { ApprovalRequest, ApprovalStore } from '../../tools/approval-store.port.js';
import type { ContractCase } from '../../../test/support/contract.js';

/** A store under test, and users that it may know. */
export interface ApprovalBench {
  store: ApprovalStore;
  newUser: () => Promise<string>;
}

async function requested({ store, newUser }: ApprovalBench, more: Partial<ApprovalRequest> = {}) {
  const userId = await newUser();
  const request = {
    runId: newRowId(),
    callId: 'call_1',
    userId,
    toolName: 'send',
    digest: 'd1',
    ttlMs: 60_000,
    ...more,
  };
  return { store, ...request, approval: await store.request(request), request };
}

/** What every store of approvals must keep; the numbers are those of the port's guarantees. */
export const approvalStoreContract: readonly ContractCase<ApprovalBench>[] = [
  {
    name: '1: keeps a request until it is decided',
    prove: async (bench) => {
      const { store, runId, approval } = await requested(bench);
      expect(approval).toEqual({
        runId,
        callId: 'call_1',
        toolName: 'send',
        status: 'pending',
        expiresAt: expect.anything(),
        spent: false,
      });
      expect(approval.expiresAt.getTime()).toBeGreaterThan(Date.now() + 30_000);
      expect(await store.find(runId, 'call_1')).toEqual(approval);
      expect(await store.find(runId, 'call_2')).toBeUndefined();
      expect(await store.find('no uuid', 'call_1')).toBeUndefined();
    },
  },
  {
    name: '1: changes nothing when it is asked again',
    prove: async (bench) => {
      const { store, request, approval } = await requested(bench);
      expect(await store.request({ ...request, digest: 'd2', ttlMs: 1 })).toEqual(approval);
    },
  },
  {
    name: '2: takes the first of ten decisions that come at once',
    prove: async (bench) => {
      const { store, runId, userId } = await requested(bench);
      const verdicts = Array.from({ length: 10 }, (_, i) => (i % 2 ? ('approved' as const) : ('denied' as const)));
      const told = await Promise.all(
        verdicts.map((verdict) => store.decide(runId, 'call_1', { userId, verdict, reason: verdict })),
      );
      expect(new Set(told.map((approval) => approval?.status)).size).toBe(1);
      expect(told[0]!.reason).toBe(told[0]!.status);
    },
  },
  {
    name: '2: is decided by nobody else',
    prove: async (bench) => {
      const { store, runId } = await requested(bench);
      const other = await bench.newUser();
      expect(await store.decide(runId, 'call_1', { userId: other, verdict: 'approved' })).toBeUndefined();
      expect(await store.decide('no uuid', 'call_1', { userId: other, verdict: 'approved' })).toBeUndefined();
      expect((await store.find(runId, 'call_1'))?.status).toBe('pending');
    },
  },
  {
    name: '2: expires',
    prove: async (bench) => {
      const { store, runId, userId } = await requested(bench, { ttlMs: 0 });
      expect((await store.find(runId, 'call_1'))?.status).toBe('expired');
      expect((await store.decide(runId, 'call_1', { userId, verdict: 'approved' }))?.status).toBe('expired');
      expect(await store.spend(runId, 'call_1', 'd1')).toBe(false);
    },
  },
  {
    name: '3: is good for one execution among ten that are tried at once',
    prove: async (bench) => {
      const { store, runId, userId } = await requested(bench);
      await store.decide(runId, 'call_1', { userId, verdict: 'approved' });
      const spent = await Promise.all(Array.from({ length: 10 }, () => store.spend(runId, 'call_1', 'd1')));
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect((await store.find(runId, 'call_1'))?.spent).toBe(true);
    },
  },
  {
    name: '3: is good for the call that was approved and no other, and not before',
    prove: async (bench) => {
      const { store, runId, userId } = await requested(bench);
      expect(await store.spend(runId, 'call_1', 'd1')).toBe(false);
      await store.decide(runId, 'call_1', { userId, verdict: 'approved' });
      expect(await store.spend(runId, 'call_1', 'd2')).toBe(false);
      expect(await store.spend(runId, 'call_1', 'd1')).toBe(true);
    },
  },
  {
    name: '3: is good for nothing once it is denied',
    prove: async (bench) => {
      const { store, runId, userId } = await requested(bench);
      await store.decide(runId, 'call_1', { userId, verdict: 'denied' });
      expect(await store.spend(runId, 'call_1', 'd1')).toBe(false);
    },
  },
];
