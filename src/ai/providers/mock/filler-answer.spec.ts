import { fillerAnswer } from './filler-answer.js';
import { countWords, wordPieces } from './words.js';

const asked = (content: string) => [{ role: 'user' as const, content }];

describe('The mock’s own answer', () => {
  it.each([1, 2, 7, 60, 5000])('has %i words', (words) => {
    expect(countWords(fillerAnswer(asked('How do rockets fly?'), words))).toBe(words);
  });

  it('names the mock and quotes the question', () => {
    expect(fillerAnswer(asked('How do rockets fly?'), 60)).toMatch(
      /^Mock reply to "How do rockets fly\?" \(message 1 of yours\): /,
    );
    expect(fillerAnswer([], 60)).toMatch(/^Mock reply to an empty message: /);
  });

  it('is the same for the same conversation, and another for another', () => {
    const again = () => fillerAnswer(asked('How do rockets fly?'), 60);
    expect(again()).toBe(again());
    expect(fillerAnswer([...asked('Hi'), ...asked('How do rockets fly?')], 60)).not.toBe(again());
    expect(again()).toMatchInlineSnapshot(
      `"Mock reply to "How do rockets fly?" (message 1 of yours): One always chunk the and. Again history message before token. Cursor node finds run that log token repeats word and node here. Sends that session log finds log one between waits answer between. The repeats reads cursor before begins this log node. Keeps begins run chunk with again sends."`,
    );
  });

  it('quotes no more than a little, and no half character', () => {
    const opening = fillerAnswer(asked(`${'x'.repeat(79)}😀 and more`), 60);
    expect(opening).toContain(`"${'x'.repeat(79)}"`);
    expect(opening.isWellFormed()).toBe(true);
  });
});

describe('The words of a text', () => {
  it.each([
    ['', []],
    ['one', ['one']],
    ['one two  three', ['one', ' two', '  three']],
    [' a\n\nb \n', [' a', '\n\nb \n']],
    ['  \n', ['  \n']],
  ])('of %j are %j', (text, pieces) => {
    expect(wordPieces(text)).toEqual(pieces);
    expect(pieces.join('')).toBe(text);
  });

  it('are cut in no time, however strange the text', () => {
    for (const text of [' '.repeat(200_000), `a${' '.repeat(200_000)}b`, 'x'.repeat(200_000)]) {
      expect(wordPieces(text).join('')).toBe(text);
    }
  });
});
