import type { MessageSearch } from '../../conversation/message-search.port.js';
import type { ContractCase } from '../../../test/support/contract.js';
import { playTurn, type RunBench } from '../run-store/run-bench.contract.js';

export interface SearchBench extends RunBench {
  search: MessageSearch;
}

/** What every search through messages must keep. */
export const messageSearchContract: readonly ContractCase<SearchBench>[] = [
  {
    name: 'finds what the user said and was told, newest first, in any case and order of words',
    prove: async (bench) => {
      const { userId, conversationId, messageId } = await playTurn(bench, {
        content: 'Zebras?',
        answer: 'zebra stripes',
      });
      await playTurn(bench, { userId, conversationId: conversationId!, content: 'other', answer: 'nothing of it' });
      const found = await bench.search.search(userId, { words: ['STRIPES', 'Zebra'], limit: 10 });
      expect(found).toEqual([
        {
          conversationId,
          title: 'A title',
          messageId,
          role: 'assistant',
          excerpt: 'zebra stripes',
          createdAt: expect.anything(),
        },
      ]);
      const both = await bench.search.search(userId, { words: ['zebra'], limit: 10 });
      expect(both.map(({ role }) => role)).toEqual(['assistant', 'user']);
      expect(await bench.search.search(userId, { words: ['zebra'], limit: 1 })).toHaveLength(1);
    },
  },
  {
    name: 'finds nothing of anybody else',
    prove: async (bench) => {
      await playTurn(bench, { content: 'a secret of one', answer: 'a secret of one' });
      const other = await playTurn(bench, { content: 'hello', answer: 'hi' });
      expect(await bench.search.search(other.userId, { words: ['secret'], limit: 10 })).toEqual([]);
    },
  },
  {
    name: 'takes words as they are, with signs that mean something in patterns',
    prove: async (bench) => {
      const { userId } = await playTurn(bench, { content: '100% of a_b c\\d', answer: 'x' });
      const find = (word: string) => bench.search.search(userId, { words: [word], limit: 10 });
      for (const word of ['100%', 'a_b', 'c\\d']) expect(await find(word)).toHaveLength(1);
      for (const word of ['1%0', 'a_c']) expect(await find(word)).toEqual([]);
    },
  },
  {
    name: 'shows the part around what was looked for, and nothing for no words',
    prove: async (bench) => {
      const { userId } = await playTurn(bench, {
        content: `${'a '.repeat(500)}needle${' b'.repeat(500)}`,
        answer: 'x',
      });
      const [found] = await bench.search.search(userId, { words: ['needle'], limit: 10 });
      expect(found!.excerpt).toContain('needle');
      expect(found!.excerpt.length).toBeLessThanOrEqual(240);
      expect(await bench.search.search(userId, { words: [], limit: 10 })).toEqual([]);
    },
  },
];
