import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { MessageTree } from '../../conversation/message-tree.port.js';
import type { Run } from '../../run/run.js';
import { claimOf, outcomeOf, playTurn, type RunBench, startRun } from '../run-store/run-bench.contract.js';

export interface TreeBench extends RunBench {
  tree: MessageTree;
}

/** Two turns, and the first question edited, with one turn behind it: the current branch. */
async function grow(bench: TreeBench): Promise<{ first: Run; second: Run; edited: Run }> {
  const first = await playTurn(bench, { content: 'q1', answer: 'a1', clientMessageId: 'm1' });
  const { userId, conversationId } = first;
  const where = { userId, conversationId: conversationId! };
  const second = await playTurn(bench, { ...where, content: 'q2', answer: 'a2' });
  const claim = claimOf({ ...where, content: 'edited' });
  const { run } = await bench.runs.claim({ ...claim, userMessage: { ...claim.userMessage, parentId: null } });
  await bench.runs.finish(outcomeOf(run, { content: 'another' }));
  return { first, second, edited: run };
}

const contentsOf = (messages: readonly { content: string }[]) => messages.map(({ content }) => content);

const pathOf = async (bench: TreeBench, id: string) =>
  contentsOf(await bench.conversations.history(id, { limit: 100 }));

/** What every tree of messages must keep; the numbers are those of the port's guarantees. */
export const messageTreeContract: readonly ContractCase<TreeBench>[] = [
  {
    name: '1: switches to the newest branch through a message, and back',
    prove: async (bench) => {
      const { first, second, edited } = await grow(bench);
      const id = first.conversationId!;
      expect(await pathOf(bench, id)).toEqual(['edited', 'another']);
      expect(await bench.tree.switchTo(id, first.userMessageId!)).toBe(second.messageId);
      expect(await pathOf(bench, id)).toEqual(['q1', 'a1', 'q2', 'a2']);
      expect(await bench.conversations.find(id)).toMatchObject({ activeLeafId: second.messageId, messageCount: 4 });
      expect(await bench.tree.switchTo(id, edited.messageId!)).toBe(edited.messageId);
      expect(await pathOf(bench, id)).toEqual(['edited', 'another']);
      await bench.tree.switchTo(id, first.messageId!);
      await playTurn(bench, { userId: first.userId, conversationId: id, content: 'q3', answer: 'a3' });
      expect(await pathOf(bench, id)).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', 'a3']);
    },
  },
  {
    name: '1: does not switch to messages that are unknown or elsewhere',
    prove: async (bench) => {
      const { first, edited } = await grow(bench);
      const elsewhere = await playTurn(bench);
      for (const messageId of [elsewhere.messageId!, newRowId(), 'none']) {
        expect(await bench.tree.switchTo(first.conversationId!, messageId)).toBeUndefined();
      }
      expect(await bench.conversations.find(first.conversationId!)).toMatchObject({ activeLeafId: edited.messageId });
    },
  },
  {
    name: '3: erases what messages said, and keeps their places',
    prove: async (bench) => {
      const first = await playTurn(bench, { content: 'q1', answer: 'a1' });
      const { userId, conversationId } = first;
      await playTurn(bench, { userId, conversationId: conversationId!, content: 'q2', answer: 'a2' });
      await bench.tree.erase([first.userMessageId!, first.messageId!, newRowId()]);
      expect(await pathOf(bench, conversationId!)).toEqual(['', '', 'q2', 'a2']);
      expect(await bench.runs.findAnswer(first.id)).toEqual({ content: '', chunkEnds: [] });
    },
  },
  {
    name: '2: forks at a message; the copy goes its own way',
    prove: async (bench) => {
      const { first, second } = await grow(bench);
      const [id, userId] = [newRowId(), await bench.newUser()];
      expect(await bench.tree.fork({ id, userId, title: 'A copy', messageId: second.userMessageId! })).toBe(true);
      const conversation = await bench.conversations.find(id);
      expect(conversation).toMatchObject({
        userId,
        title: 'A copy',
        messageCount: 3,
        forkedFrom: first.conversationId,
      });
      const copy = await bench.conversations.history(id, { limit: 100 });
      expect(contentsOf(copy)).toEqual(['q1', 'a1', 'q2']);
      expect(copy.at(-1)!.id).toBe(conversation!.activeLeafId);
      expect(copy.map(({ parentId }) => parentId)).toEqual([undefined, copy[0]!.id, copy[1]!.id]);
      expect(copy[1]).toMatchObject({ status: 'complete', model: 'mock-1', usage: { totalTokens: 8 } });
      expect(copy.map(({ runId, clientMessageId }) => runId ?? clientMessageId)).toEqual(copy.map(() => undefined));
      await playTurn(bench, { userId, conversationId: id, content: 'on', answer: 'and on' });
      expect(await pathOf(bench, id)).toEqual(['q1', 'a1', 'q2', 'on', 'and on']);
      expect(await pathOf(bench, first.conversationId!)).toEqual(['edited', 'another']);
    },
  },
  {
    name: '2: copies an answer that is being written as far as it is wanted, interrupted',
    prove: async (bench) => {
      const run = await startRun(bench, { content: 'q' });
      const id = newRowId();
      const fork = { id, userId: run.userId, title: '', messageId: run.messageId!, content: 'so f\0ar' };
      expect(await bench.tree.fork(fork)).toBe(true);
      const stillEmpty = { id: newRowId(), userId: run.userId, title: '', messageId: run.messageId! };
      await bench.tree.fork(stillEmpty);
      await bench.runs.finish(outcomeOf(run, { content: 'so far and on' }));
      const [, answer] = await bench.conversations.history(id, { limit: 10 });
      expect(answer).toMatchObject({ content: 'so f\uFFFDar', status: 'interrupted' });
      const [, empty] = await bench.conversations.history(stillEmpty.id, { limit: 10 });
      expect(empty).toMatchObject({ content: '', status: 'interrupted' });
    },
  },
  {
    name: '2: forks nothing at a message that is gone',
    prove: async (bench) => {
      const id = newRowId();
      const userId = await bench.newUser();
      expect(await bench.tree.fork({ id, userId, title: '', messageId: newRowId() })).toBe(false);
      expect(await bench.conversations.find(id)).toBeUndefined();
    },
  },
  {
    name: '4: reads branches by ids, and everything in pages',
    prove: async (bench) => {
      const { first, edited } = await grow(bench);
      const id = first.conversationId!;
      const ids = await bench.tree.branchIds(id);
      expect(ids).toEqual([edited.userMessageId, edited.messageId]);
      expect(contentsOf(await bench.tree.read([ids[1]!, newRowId(), ids[0]!]))).toEqual(['another', 'edited']);
      expect(await bench.tree.read([])).toEqual([]);
      const page = await bench.tree.list(id, 4);
      expect(contentsOf(page)).toEqual(['q1', 'a1', 'q2', 'a2']);
      expect(contentsOf(await bench.tree.list(id, 4, page.at(-1)!.id))).toEqual(['edited', 'another']);
      expect(await bench.tree.branchIds('none')).toEqual([]);
    },
  },
];
