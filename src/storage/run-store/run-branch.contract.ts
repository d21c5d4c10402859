import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import type { RunClaim } from '../../run/run-store.port.js';
import { claimOf, codeOf, outcomeOf, playTurn, type RunBench, startRun } from './run-bench.contract.js';

/** A claim for a conversation that exists, with what it says of its place in the tree. */
const branchOf = ({ userId, conversationId }: Run, parentId: string | null, more: Partial<RunClaim> = {}): RunClaim => {
  const claim = { ...claimOf({ userId, conversationId: conversationId!, content: 'edited' }), ...more };
  return { ...claim, userMessage: { ...claim.userMessage, parentId } };
};

const againOf = ({ userId, conversationId }: Run, questionId: string, more: Partial<RunClaim> = {}): RunClaim => ({
  ...claimOf({ userId, conversationId: conversationId!, ...more }),
  userMessage: { id: questionId, content: '' },
  isRegenerated: true,
  ...more,
});

const pathOf = async ({ conversations }: RunBench, { conversationId }: Run) =>
  (await conversations.history(conversationId!, { limit: 100 })).map(({ content }) => content);

/** Guarantee 1 of RunStore, where a claim names its place in the tree. */
export const runBranchContract: readonly ContractCase<RunBench>[] = [
  {
    name: '1: hangs an edited question beside the first one and makes it the current branch',
    prove: async (bench) => {
      const first = await playTurn(bench, { content: 'q1', answer: 'a1' });
      const { userId, conversationId } = first;
      const second = await playTurn(bench, { userId, conversationId: conversationId!, content: 'q2', answer: 'a2' });
      const claim = branchOf(first, first.messageId!);
      const { run } = await bench.runs.claim(claim);
      await bench.runs.finish(outcomeOf(run, { content: 'another' }));
      expect(await pathOf(bench, first)).toEqual(['q1', 'a1', 'edited', 'another']);
      const path = await bench.conversations.history(conversationId!, { limit: 2 });
      expect(path[0]).toMatchObject({ depth: 3, siblingIds: [second.userMessageId, claim.userMessage.id] });
      expect(path[1]).not.toHaveProperty('siblingIds');
      expect(await bench.conversations.find(conversationId!)).toMatchObject({ messageCount: 4 });
    },
  },
  {
    name: '1: lets the first question be edited, and goes on behind the new one',
    prove: async (bench) => {
      const first = await playTurn(bench, { content: 'q1', answer: 'a1' });
      const claim = branchOf(first, null);
      const { run } = await bench.runs.claim(claim);
      await bench.runs.finish(outcomeOf(run, { content: 'another' }));
      const { userId, conversationId } = first;
      await playTurn(bench, { userId, conversationId: conversationId!, content: 'q2', answer: 'a2' });
      expect(await pathOf(bench, first)).toEqual(['edited', 'another', 'q2', 'a2']);
      const [root] = await bench.conversations.history(conversationId!, { limit: 100 });
      expect(root).toMatchObject({ parentId: undefined, siblingIds: [first.userMessageId, claim.userMessage.id] });
    },
  },
  {
    name: '1: answers a question once more, beside the first answer and under the same question',
    prove: async (bench) => {
      const first = await playTurn(bench, { content: 'q1', answer: 'a1', clientMessageId: 'm1' });
      const claim = againOf(first, first.userMessageId!);
      const { created, run } = await bench.runs.claim(claim);
      expect(created).toBe(true);
      expect(run).toMatchObject({ userMessageId: first.userMessageId, clientMessageId: 'm1', status: 'running' });
      expect(run.messageId).toBe(claim.assistantMessageId);
      await bench.runs.finish(outcomeOf(run, { content: 'another' }));
      expect(await pathOf(bench, first)).toEqual(['q1', 'another']);
      const [question, answer] = await bench.conversations.history(first.conversationId!, { limit: 100 });
      expect(question).not.toHaveProperty('siblingIds');
      expect(answer).toMatchObject({ runId: run.id, siblingIds: [first.messageId, run.messageId] });
      expect(await bench.conversations.pathTo(first.messageId!, 9)).toMatchObject([{}, { content: 'a1' }]);
      const resent = claimOf({ userId: first.userId, content: 'q1', clientMessageId: 'm1' });
      expect(await bench.runs.claim(resent)).toMatchObject({ created: false, run: { id: first.id } });
    },
  },
  {
    name: '1: lets a branch of a busy conversation wait, and keeps both',
    prove: async (bench) => {
      const first = await playTurn(bench, { content: 'q1', answer: 'a1' });
      const running = await startRun(bench, { userId: first.userId, conversationId: first.conversationId! });
      const busy = await codeOf(bench.runs.claim(againOf(first, first.userMessageId!)));
      expect(busy).toBe('RUN_IN_PROGRESS');
      const claim = againOf(first, first.userMessageId!, { whenBusy: 'queue' });
      const { run, position } = await bench.runs.claim(claim);
      expect([run.status, position]).toEqual(['queued', 1]);
      await bench.runs.finish(outcomeOf(running, { content: 'a2' }));
      const wish = { runId: run.id, owner: 'node-a', holdMs: 1000, runningOfUser: 1000 };
      expect(await bench.runs.promote(wish)).toMatchObject({ state: 'running' });
      expect(await pathOf(bench, first)).toEqual(['q1', '']);
      expect((await bench.conversations.pathTo(running.messageId!, 9)).map(({ content }) => content)).toEqual([
        'q1',
        'a1',
        'hello',
        'a2',
      ]);
    },
  },
  {
    name: '1: knows no message of another conversation, and answers no answer',
    prove: async (bench) => {
      const [here, elsewhere] = [await playTurn(bench), await playTurn(bench)];
      for (const claim of [
        branchOf(here, elsewhere.messageId!),
        branchOf(here, newRowId()),
        againOf(here, elsewhere.userMessageId!),
        againOf(here, here.messageId!),
        againOf(here, newRowId(), { whenBusy: 'queue' }),
      ]) {
        expect(await codeOf(bench.runs.claim(claim))).toBe('NOT_FOUND');
      }
      const nowhere = claimOf({ userId: here.userId, createIfMissing: true });
      nowhere.userMessage = { ...nowhere.userMessage, parentId: here.messageId! };
      expect(await codeOf(bench.runs.claim(nowhere))).toBe('CONVERSATION_NOT_FOUND');
      expect(await bench.conversations.find(nowhere.conversation.id)).toBeUndefined();
      expect(await bench.conversations.find(here.conversationId!)).toMatchObject({ messageCount: 2 });
    },
  },
];
