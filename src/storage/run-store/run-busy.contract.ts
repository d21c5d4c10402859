import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import { claimOf, codeOf, outcomeOf, playTurn, type RunBench, startRun } from './run-bench.contract.js';

const TEN = Array.from({ length: 10 });

/** Guarantee 2 of RunStore: one running run in a conversation. */
export const runBusyContract: readonly ContractCase<RunBench>[] = [
  {
    name: '2: refuses a second run in a busy conversation, and takes it once the first has ended',
    prove: async (bench) => {
      const run = await startRun(bench);
      const wishes = { userId: run.userId, conversationId: run.conversationId! };
      await expect(bench.runs.claim(claimOf(wishes))).rejects.toMatchObject({
        code: 'RUN_IN_PROGRESS',
        retryAfterMs: expect.any(Number),
      });
      await bench.runs.finish(outcomeOf(run));
      expect(await bench.runs.claim(claimOf(wishes))).toMatchObject({ created: true });
    },
  },
  {
    name: '2: lets one of ten messages have the conversation, be it new or not',
    prove: async (bench) => {
      const { userId, conversationId: old } = await playTurn(bench);
      for (const conversationId of [old!, newRowId()]) {
        const claims = TEN.map(() => claimOf({ userId, conversationId, createIfMissing: true }));
        const codes = await Promise.all(claims.map((claim) => codeOf(bench.runs.claim(claim))));
        expect(codes.filter((code) => code === 'no error')).toHaveLength(1);
        expect(codes.filter((code) => code === 'RUN_IN_PROGRESS')).toHaveLength(9);
      }
    },
  },
  {
    name: '2: sends and ends at once, over and over, without a false step in the tree',
    prove: async (bench) => {
      const first = await startRun(bench);
      const wishes = { userId: first.userId, conversationId: first.conversationId! };
      let run = first;
      for (let turn = 2; turn <= 12; turn++) {
        const [, next] = await Promise.all([bench.runs.finish(outcomeOf(run)), claimWhenFree(bench, wishes)]);
        run = next;
      }
      const path = await bench.conversations.history(first.conversationId!, { limit: 100 });
      expect(path.map(({ depth }) => depth)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
      expect(await bench.conversations.find(first.conversationId!)).toMatchObject({ messageCount: 24 });
    },
  },
];

/** Asks again as long as the conversation is busy. */
async function claimWhenFree(bench: RunBench, wishes: { userId: string; conversationId: string }) {
  for (;;) {
    const claim = claimOf(wishes);
    const code = await codeOf(bench.runs.claim(claim));
    if (code === 'no error') return (await bench.runs.find(claim.runId))!;
    expect(code).toBe('RUN_IN_PROGRESS');
  }
}
