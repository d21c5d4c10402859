import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import type { ClaimResult, Promotion } from '../../run/run-store.port.js';
import {
  claimOf,
  codeOf,
  HOLD_MS,
  MAX_QUEUED,
  outcomeOf,
  playTurn,
  type RunBench,
  startRun,
} from './run-bench.contract.js';

const TEN = Array.from({ length: 10 });

/** Puts another message behind the run. */
const enqueue = async (bench: RunBench, { userId, conversationId }: Run, holdMs = HOLD_MS): Promise<ClaimResult> =>
  bench.runs.claim(claimOf({ userId, conversationId: conversationId!, whenBusy: 'queue', holdMs }));

const promote = (bench: RunBench, run: Run, runningOfUser = 1000, owner = 'node-a'): Promise<Promotion> =>
  bench.runs.promote({ runId: run.id, owner, holdMs: HOLD_MS, runningOfUser });

const statusOf = async (bench: RunBench, run: Run) => (await bench.runs.find(run.id))?.status;

/** Guarantees 2 and 4 of RunStore: runs that wait. */
export const runQueueContract: readonly ContractCase<RunBench>[] = [
  {
    name: '2: queues messages behind a running one, in a chain, and refuses what is too much',
    prove: async (bench) => {
      const first = await startRun(bench);
      const queued: ClaimResult[] = [];
      for (let i = 0; i < MAX_QUEUED; i++) queued.push(await enqueue(bench, first));
      expect(queued.map(({ created, position, run }) => [created, position, run.status, run.wasQueued])).toEqual(
        [1, 2, 3, 4, 5].map((position) => [true, position, 'queued', true]),
      );
      expect(await codeOf(enqueue(bench, first))).toBe('RUN_IN_PROGRESS');
      const path = await bench.conversations.history(first.conversationId!, { limit: 100 });
      expect(path.map(({ depth }) => depth)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
      expect(path.at(-1)).toMatchObject({ id: queued[4]!.run.messageId, status: 'streaming' });
      expect((await bench.runs.findRunning(first.conversationId!))?.id).toBe(first.id);
      expect((await bench.runs.findOldestQueued(first.conversationId!))?.id).toBe(queued[0]!.run.id);
    },
  },
  {
    name: '2: lets one of ten messages at once run and five wait, be the conversation new or not',
    prove: async (bench) => {
      const { userId, conversationId: old } = await playTurn(bench);
      for (const conversationId of [old!, newRowId()]) {
        const claims = TEN.map(() => claimOf({ userId, conversationId, createIfMissing: true, whenBusy: 'queue' }));
        const results = await Promise.allSettled(claims.map((claim) => bench.runs.claim(claim)));
        const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        expect(made.filter(({ run }) => run.status === 'running')).toHaveLength(1);
        const positions = made.flatMap(({ position }) => position ?? []);
        expect(positions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
        expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
      }
    },
  },
  {
    name: '2: keeps no user above the limit, and queues what is beyond it in its own conversation',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const wishes = { userId, whenBusy: 'queue', runningOfUser: 3 } as const;
      const results = await Promise.all(TEN.map(() => bench.runs.claim(claimOf(wishes))));
      const queued = results.filter(({ run }) => run.status === 'queued');
      expect(queued.map(({ position }) => position)).toEqual([1, 1, 1, 1, 1, 1, 1]);
      expect(await codeOf(bench.runs.claim(claimOf({ ...wishes, whenBusy: 'reject' })))).toBe('RUN_IN_PROGRESS');
      expect(await promote(bench, queued[0]!.run, 3)).toEqual({ state: 'queued', position: 1 });
      await bench.runs.finish(outcomeOf(results.find(({ run }) => run.status === 'running')!.run));
      const tried = await Promise.all(queued.map(({ run }) => promote(bench, run, 3)));
      expect(tried.filter(({ state }) => state === 'running')).toHaveLength(1);
      expect((await bench.runs.claim(claimOf({ userId: await bench.newUser(), runningOfUser: 3 }))).run.status).toBe(
        'running',
      );
    },
  },
  {
    name: '2: interrupts what runs and what waits, and comes next, also where the queue is full',
    prove: async (bench) => {
      const first = await startRun(bench);
      const ids = [first.id];
      for (let i = 0; i < MAX_QUEUED; i++) ids.push((await enqueue(bench, first)).run.id);
      const { userId, conversationId } = first;
      const claim = claimOf({ userId, conversationId: conversationId!, whenBusy: 'interrupt' });
      const { run, position, interrupted } = await bench.runs.claim(claim);
      expect([run.status, position, interrupted?.toSorted()]).toEqual(['queued', 1, ids.toSorted()]);
      for (const id of ids) expect(await bench.runs.find(id)).toMatchObject({ stopRequested: true });
      expect(run.stopRequested).toBe(false);
      expect((await bench.runs.findOldestQueued(conversationId!))?.id).toBe(run.id);
      expect(await promote(bench, run)).toMatchObject({ state: 'queued' });
      await bench.runs.finish(outcomeOf(first, { status: 'cancelled' }));
      expect(await promote(bench, run)).toMatchObject({ state: 'running' });
    },
  },
  {
    name: '2: interrupts nothing where nothing is going on, and nothing of somebody else',
    prove: async (bench) => {
      const first = await startRun(bench);
      const { userId: other } = await startRun(bench);
      const foreign = claimOf({ userId: other, conversationId: first.conversationId!, whenBusy: 'interrupt' });
      expect(await codeOf(bench.runs.claim(foreign))).toBe('CONVERSATION_NOT_FOUND');
      expect(await bench.runs.find(first.id)).toEqual(first);
      const own = await bench.runs.claim(claimOf({ userId: other, whenBusy: 'interrupt' }));
      expect(own).toEqual({
        created: true,
        run: expect.objectContaining({ status: 'running' }),
        seen: expect.anything(),
      });
    },
  },
  {
    name: '1: returns the queued run to a resend, also where the queue is full',
    prove: async (bench) => {
      const first = await startRun(bench);
      const { userId, conversationId } = first;
      const wishes = { userId, conversationId: conversationId!, whenBusy: 'queue', clientMessageId: 'm2' } as const;
      const { run } = await bench.runs.claim(claimOf(wishes));
      for (let i = 1; i < MAX_QUEUED; i++) await enqueue(bench, first);
      expect(await bench.runs.claim(claimOf(wishes))).toEqual({ created: false, run });
    },
  },
  {
    name: '4: begins queued runs one after another, in their order, whoever is asked first',
    prove: async (bench) => {
      const first = await startRun(bench);
      const queued = [await enqueue(bench, first), await enqueue(bench, first), await enqueue(bench, first)];
      const runs = queued.map(({ run }) => run);
      expect(await promote(bench, runs[1]!)).toEqual({ state: 'queued', position: 2 });
      let running = first;
      for (const next of runs) {
        await bench.runs.finish(outcomeOf(running));
        const tried = await Promise.all(runs.toReversed().map((run) => promote(bench, run)));
        expect(tried.filter(({ state }) => state === 'running')).toHaveLength(1);
        expect(await statusOf(bench, next)).toBe('running');
        running = (await bench.runs.findRunning(first.conversationId!))!;
        expect(running).toEqual({ ...next, status: 'running' });
      }
    },
  },
  {
    name: '4: begins a run for its owner only, once, and not where it is to stop',
    prove: async (bench) => {
      const first = await startRun(bench);
      const [{ run }, { run: second }] = [await enqueue(bench, first), await enqueue(bench, first)];
      await bench.runs.finish(outcomeOf(first));
      expect(await promote(bench, run, 1000, 'node-b')).toMatchObject({ state: 'lost' });
      await bench.runs.requestStop(run.id);
      expect(await promote(bench, run)).toMatchObject({ state: 'stopped' });
      const tried = await Promise.all(TEN.map(() => promote(bench, second)));
      expect(tried.filter(({ state }) => state === 'running')).toHaveLength(1);
      expect(await promote(bench, second)).toMatchObject({ state: 'lost' });
      expect(await promote(bench, { ...run, id: newRowId() })).toMatchObject({ state: 'lost' });
    },
  },
  {
    name: '4: lets no new message overtake one that waits, although nothing runs',
    prove: async (bench) => {
      const first = await startRun(bench);
      const { run } = await enqueue(bench, first);
      await bench.runs.finish(outcomeOf(first));
      expect(await enqueue(bench, first)).toMatchObject({ position: 2, run: { status: 'queued' } });
      await bench.runs.finish(outcomeOf(run, { status: 'cancelled' }));
      expect(await statusOf(bench, run)).toBe('cancelled');
    },
  },
  {
    name: '3: holds, lists and grants runs that wait like those that run',
    prove: async (bench) => {
      const first = await startRun(bench);
      const { run } = await enqueue(bench, first, -1);
      expect((await bench.runs.listAbandoned(1000)).map(({ id }) => id)).toContain(run.id);
      await bench.runs.hold('node-a', [run.id], HOLD_MS);
      expect((await bench.runs.listAbandoned(1000)).map(({ id }) => id)).not.toContain(run.id);
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBeUndefined();
      await bench.runs.releaseAllHolds();
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBe(2);
      await bench.runs.finish(outcomeOf(first));
      expect(await promote(bench, run)).toMatchObject({ state: 'lost' });
      expect(await promote(bench, run, 1000, 'node-b')).toMatchObject({ state: 'running' });
      expect(await bench.runs.finish(outcomeOf(run))).toBe(false);
      expect(await bench.runs.finish(outcomeOf({ ...run, epoch: 2 }))).toBe(true);
    },
  },
  {
    name: 'continues an interrupted run although messages wait behind it, and moves them behind the continuation',
    prove: async (bench) => {
      const first = await startRun(bench);
      const { run: waiting } = await enqueue(bench, first);
      await bench.runs.finish(outcomeOf(first, { status: 'interrupted' }));
      const claim = { runId: newRowId(), owner: 'node-b', holdMs: HOLD_MS, interruptedRunId: first.id };
      const run = await bench.runs.claimContinuation({ ...claim, assistantMessageId: newRowId() });
      expect(run).toMatchObject({ status: 'running', continues: first.id });
      const path = await bench.conversations.history(first.conversationId!, { limit: 10 });
      const expected = [first.userMessageId, run!.messageId, waiting.userMessageId, waiting.messageId];
      expect(path.map(({ id }) => id)).toEqual(expected);
      expect(await promote(bench, waiting)).toMatchObject({ state: 'queued' });
    },
  },
];
