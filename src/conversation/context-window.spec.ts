import { type ContextSources, fitContext } from './context-window.js';

/** Costs 5 tokens, as each of these messages does: its text is one, and four are the message's own. */
const SYSTEM = 'rule';
const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string) => ({ role: 'assistant', content }) as const;
const FOUR = [user('one'), assistant('two'), user('three'), assistant('four'), user('five')];

const seen = async (sources: Partial<ContextSources>): Promise<string> => {
  const { messages } = await fitContext({ systemPrompt: SYSTEM, history: FOUR, budgetTokens: 1000, ...sources });
  return messages.map(({ content }) => content).join(' ');
};

describe('The context window', () => {
  it.each([
    ['shows everything that fits', {}, 'rule one two three four five'],
    ['fills the budget to the last token', { budgetTokens: 30 }, 'rule one two three four five'],
    ['lets the oldest go first, an answer with its question', { budgetTokens: 29 }, 'rule three four five'],
    ['drops an answer whose question no longer fits', { budgetTokens: 19 }, 'rule five'],
    ['keeps room for the answer', { budgetTokens: 30, answerTokens: 1 }, 'rule three four five'],
    ['keeps the system prompt and the newest message over budget', { budgetTokens: 1 }, 'rule five'],
    ['leaves out answers that stayed empty', { history: [user('a'), assistant(''), user('b')] }, 'rule a b'],
    [
      'leaves no hole where a long message does not fit',
      { history: [user('a'), user('b '.repeat(9000)), user('c')] },
      'rule c',
    ],
    ['shows no system message where there is no prompt', { systemPrompt: '' }, 'one two three four five'],
    ['shows the system prompt alone where nothing was said', { history: [] }, 'rule'],
    ['keeps a newest message that is an answer', { history: [assistant('hi')], budgetTokens: 1 }, 'rule hi'],
  ] as const)('%s', async (_case, sources, expected) => {
    expect(await seen(sources)).toBe(expected);
  });

  it('says what it dropped, as it was', async () => {
    const history = FOUR.map((message, id) => ({ ...message, id }));
    const { dropped } = await fitContext({ systemPrompt: SYSTEM, history, budgetTokens: 19 });
    expect(dropped).toEqual(history.slice(0, -1));
    expect((await fitContext({ systemPrompt: SYSTEM, history, budgetTokens: 1000 })).dropped).toEqual([]);
  });

  it('gives nothing of a message but its role and text', async () => {
    const history = [{ ...user('hello'), id: 'secret' }];
    expect((await fitContext({ systemPrompt: SYSTEM, history, budgetTokens: 100 })).messages).toEqual([
      { role: 'system', content: SYSTEM },
      { role: 'user', content: 'hello' },
    ]);
  });
});
