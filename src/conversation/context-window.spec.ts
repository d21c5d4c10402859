import { type ContextSources, fitContext } from './context-window.js';

/** Costs 5 tokens: four of its text are one, and four are the message's own. */
const SYSTEM = 'rule';
const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string) => ({ role: 'assistant', content }) as const;
const FOUR = [user('qone'), assistant('aone'), user('qtwo'), assistant('atwo'), user('qtri')];

const seen = (sources: Partial<ContextSources>): string =>
  fitContext({ systemPrompt: SYSTEM, history: FOUR, budgetTokens: 1000, ...sources })
    .map(({ content }) => content)
    .join(' ');

describe('The context window', () => {
  it.each([
    ['shows everything that fits', {}, 'rule qone aone qtwo atwo qtri'],
    ['fills the budget to the last token', { budgetTokens: 30 }, 'rule qone aone qtwo atwo qtri'],
    ['lets the oldest go first, an answer with its question', { budgetTokens: 29 }, 'rule qtwo atwo qtri'],
    ['drops an answer whose question no longer fits', { budgetTokens: 19 }, 'rule qtri'],
    ['keeps room for the answer', { budgetTokens: 30, answerTokens: 1 }, 'rule qtwo atwo qtri'],
    ['keeps the system prompt and the newest message over budget', { budgetTokens: 1 }, 'rule qtri'],
    ['leaves out answers that stayed empty', { history: [user('a'), assistant(''), user('b')] }, 'rule a b'],
    [
      'leaves no hole where a long message does not fit',
      { history: [user('a'), user('b'.repeat(9000)), user('c')] },
      'rule c',
    ],
    ['shows no system message where there is no prompt', { systemPrompt: '' }, 'qone aone qtwo atwo qtri'],
    ['shows the system prompt alone where nothing was said', { history: [] }, 'rule'],
    ['keeps a newest message that is an answer', { history: [assistant('hi')], budgetTokens: 1 }, 'rule hi'],
  ] as const)('%s', (_case, sources, expected) => {
    expect(seen(sources)).toBe(expected);
  });

  it('gives nothing of a message but its role and text', () => {
    const history = [{ ...user('hello'), id: 'secret' }];
    expect(fitContext({ systemPrompt: SYSTEM, history, budgetTokens: 100 })).toEqual([
      { role: 'system', content: SYSTEM },
      { role: 'user', content: 'hello' },
    ]);
  });
});
