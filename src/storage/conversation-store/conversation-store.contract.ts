import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import { playTurn, type RunBench } from '../run-store/run-bench.contract.js';

/** Three turns of one user in one conversation: six messages. */
async function talk(bench: RunBench) {
  const first = await playTurn(bench, { content: 'q1', answer: 'a1', clientMessageId: 'm1' });
  const where = { userId: first.userId, conversationId: first.conversationId! };
  await playTurn(bench, { ...where, content: 'q2', answer: 'a2' });
  const last = await playTurn(bench, { ...where, content: 'q3', answer: 'a3' });
  return { ...where, first, last };
}

/** What every store of conversations must keep; what writes them is the bench's run store. */
export const conversationStoreContract: readonly ContractCase<RunBench>[] = [
  {
    name: 'keeps the last summary of a conversation, whatever its text, and none of others',
    prove: async (bench) => {
      const { conversationId, first, last } = await talk(bench);
      expect(await bench.conversations.findSummary(conversationId)).toBeUndefined();
      await bench.conversations.saveSummary(conversationId, { text: 'before', upTo: first.messageId! });
      await bench.conversations.saveSummary(conversationId, { text: 'a\0b', upTo: last.messageId! });
      expect(await bench.conversations.findSummary(conversationId)).toEqual({ text: 'a\uFFFDb', upTo: last.messageId });
      await bench.conversations.saveSummary(newRowId(), { text: 'of nothing', upTo: first.messageId! });
      expect(await bench.conversations.findSummary(newRowId())).toBeUndefined();
    },
  },
  {
    name: 'finds a conversation and the end of its current branch',
    prove: async (bench) => {
      const { conversationId, userId, last } = await talk(bench);
      const conversation = await bench.conversations.find(conversationId);
      expect(conversation).toEqual({
        id: conversationId,
        userId,
        title: 'A title',
        activeLeafId: last.messageId,
        messageCount: 6,
        createdAt: expect.anything(),
        updatedAt: expect.anything(),
      });
    },
  },
  {
    name: 'reads the path from the root to the leaf, oldest first',
    prove: async (bench) => {
      const { conversationId, first } = await talk(bench);
      const path = await bench.conversations.history(conversationId, { limit: 100 });
      expect(path.map(({ content }) => content)).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', 'a3']);
      expect(path.slice(0, 2)).toEqual([
        {
          id: first.userMessageId,
          conversationId,
          parentId: undefined,
          role: 'user',
          content: 'q1',
          status: 'complete',
          depth: 1,
          createdAt: expect.anything(),
          clientMessageId: 'm1',
        },
        {
          id: first.messageId,
          conversationId,
          parentId: first.userMessageId,
          role: 'assistant',
          content: 'a1',
          status: 'complete',
          depth: 2,
          createdAt: expect.anything(),
          runId: first.id,
          finishReason: 'stop',
          provider: 'mock',
          model: 'mock-1',
          usage: { promptTokens: 3, completionTokens: 5, totalTokens: 8 },
        },
      ]);
    },
  },
  {
    name: 'lets the newest messages win where a limit is set',
    prove: async (bench) => {
      const { conversationId, last } = await talk(bench);
      const contents = async (limit: number) =>
        (await bench.conversations.history(conversationId, { limit })).map(({ content }) => content);
      expect(await contents(3)).toEqual(['a2', 'q3', 'a3']);
      expect(await contents(1)).toEqual(['a3']);
      expect(await contents(0)).toEqual([]);
      expect(await bench.conversations.pathTo(last.userMessageId!, 2)).toMatchObject([
        { content: 'a2' },
        { content: 'q3' },
      ]);
    },
  },
  {
    name: 'pages upwards from a message',
    prove: async (bench) => {
      const { conversationId, first, last } = await talk(bench);
      const { conversations } = bench;
      const page = await conversations.history(conversationId, { limit: 2, before: last.userMessageId! });
      expect(page.map(({ content }) => content)).toEqual(['q2', 'a2']);
      expect(await conversations.history(conversationId, { limit: 2, before: first.userMessageId! })).toEqual([]);
    },
  },
  {
    name: 'reads nothing before a message that is unknown or elsewhere',
    prove: async (bench) => {
      const [here, elsewhere] = [await talk(bench), await playTurn(bench)];
      for (const before of [elsewhere.messageId!, newRowId(), 'none', '']) {
        expect(await bench.conversations.history(here.conversationId, { limit: 10, before })).toEqual([]);
      }
    },
  },
  {
    name: 'finds nothing where nothing is',
    prove: async ({ conversations }) => {
      expect(await conversations.find('none')).toBeUndefined();
      expect(await conversations.history('none', { limit: 10 })).toEqual([]);
      expect(await conversations.pathTo('none', 10)).toEqual([]);
      expect(await conversations.pathTo(newRowId(), 10)).toEqual([]);
    },
  },
];
