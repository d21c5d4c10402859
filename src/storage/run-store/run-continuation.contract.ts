import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import type { ContinuationClaim } from '../../run/run-store.port.js';
import { claimOf, HOLD_MS, outcomeOf, playTurn, type RunBench, startRun } from './run-bench.contract.js';

const continuationOf = (interrupted: Run): ContinuationClaim => ({
  runId: newRowId(),
  owner: 'node-b',
  holdMs: HOLD_MS,
  interruptedRunId: interrupted.id,
  assistantMessageId: newRowId(),
});

async function interrupt(bench: RunBench, run: Run): Promise<Run> {
  await bench.runs.finish(outcomeOf(run, { status: 'interrupted' }));
  return (await bench.runs.find(run.id))!;
}

const startInterrupted = async (bench: RunBench): Promise<Run> =>
  interrupt(bench, await startRun(bench, { clientMessageId: 'm1', requestedModel: 'mock-2' }));

/** What RunStore promises about going on where a dead run stopped. */
export const runContinuationContract: readonly ContractCase<RunBench>[] = [
  {
    name: 'continues an interrupted run with a sibling of its answer',
    prove: async (bench) => {
      const old = await startInterrupted(bench);
      const claim = continuationOf(old);
      const run = await bench.runs.claimContinuation(claim);
      const { end: _end, endedAt: _endedAt, ...kept } = old;
      expect(run).toEqual({
        ...kept,
        id: claim.runId,
        messageId: claim.assistantMessageId,
        owner: 'node-b',
        status: 'running',
        continues: old.id,
        recoveries: 1,
        createdAt: expect.anything(),
      });
      expect(await bench.runs.find(old.id)).toEqual({ ...old, continuedBy: claim.runId });
      const path = await bench.conversations.history(old.conversationId!, { limit: 10 });
      expect(path.map(({ id }) => id)).toEqual([old.userMessageId, claim.assistantMessageId]);
      expect(path[1]).toMatchObject({ status: 'streaming', content: '', depth: 2, runId: claim.runId });
      expect(await bench.conversations.find(old.conversationId!)).toMatchObject({ messageCount: 2 });
      expect(await bench.conversations.pathTo(old.messageId!, 1)).toMatchObject([{ status: 'interrupted' }]);
    },
  },
  {
    name: 'continues a continuation, and counts',
    prove: async (bench) => {
      const old = await startInterrupted(bench);
      const second = await interrupt(bench, (await bench.runs.claimContinuation(continuationOf(old)))!);
      const third = await bench.runs.claimContinuation(continuationOf(second));
      expect(third).toMatchObject({ continues: second.id, recoveries: 2, userMessageId: old.userMessageId });
    },
  },
  {
    name: 'continues with the tools that were allowed, and with none once one was called that could do harm',
    prove: async (bench) => {
      const continued = async (run: Run): Promise<Run> =>
        (await bench.runs.claimContinuation(continuationOf(await interrupt(bench, run))))!;
      expect((await continued(await startRun(bench))).tools).toBeUndefined();
      const limited = await continued(await startRun(bench, { tools: ['look'] }));
      expect(limited.tools).toEqual(['look']);
      await bench.runs.noteEffects(limited.id);
      await bench.runs.noteEffects(limited.id);
      const bare = await continued(limited);
      expect(bare.tools).toEqual([]);
      expect((await continued(bare)).tools).toEqual([]);
      const free = await startRun(bench);
      await bench.runs.noteEffects(free.id);
      expect((await continued(free)).tools).toEqual([]);
    },
  },
  {
    name: 'continues a run once, however many ask at once',
    prove: async (bench) => {
      const old = await startInterrupted(bench);
      const asks = Array.from({ length: 10 }, () => bench.runs.claimContinuation(continuationOf(old)));
      const winners = (await Promise.all(asks)).filter((run) => run !== undefined);
      expect(winners).toHaveLength(1);
      await interrupt(bench, winners[0]!);
      expect(await bench.runs.claimContinuation(continuationOf(old))).toBeUndefined();
    },
  },
  {
    name: 'continues nothing that was not interrupted, or is not there',
    prove: async (bench) => {
      const [running, completed] = [await startRun(bench), await playTurn(bench)];
      for (const run of [running, completed, { ...running, id: newRowId() }]) {
        expect(await bench.runs.claimContinuation(continuationOf(run))).toBeUndefined();
      }
      expect(await bench.runs.find(completed.id)).toEqual(completed);
    },
  },
  {
    name: 'continues nothing once the conversation went on, and leaves it as it is',
    prove: async (bench) => {
      const old = await startInterrupted(bench);
      const wishes = { userId: old.userId, conversationId: old.conversationId! };
      const { run: next } = await bench.runs.claim(claimOf(wishes));
      expect(await bench.runs.claimContinuation(continuationOf(old))).toBeUndefined();
      await bench.runs.finish(outcomeOf(next));
      expect(await bench.runs.claimContinuation(continuationOf(old))).toBeUndefined();
      expect(await bench.runs.find(old.id)).toEqual(old);
      expect(await bench.conversations.find(old.conversationId!)).toMatchObject({ activeLeafId: next.messageId });
    },
  },
  {
    name: 'lets a new message or a continuation have the conversation, never both',
    prove: async (bench) => {
      for (let round = 0; round < 5; round++) {
        const old = await startInterrupted(bench);
        const message = claimOf({ userId: old.userId, conversationId: old.conversationId! });
        const [continued, claimed] = await Promise.allSettled([
          bench.runs.claimContinuation(continuationOf(old)),
          bench.runs.claim(message),
        ]);
        const isContinued = continued.status === 'fulfilled' && continued.value !== undefined;
        expect([continued.status, isContinued]).toEqual(['fulfilled', claimed.status === 'rejected']);
      }
    },
  },
  {
    name: 'returns the first run to a resend of a message whose answer was continued',
    prove: async (bench) => {
      const old = await startInterrupted(bench);
      const run = await bench.runs.claimContinuation(continuationOf(old));
      const wishes = { userId: old.userId, conversationId: old.conversationId!, clientMessageId: 'm1' };
      expect(await bench.runs.claim(claimOf(wishes))).toMatchObject({
        created: false,
        run: { id: old.id, continuedBy: run!.id },
      });
    },
  },
];
