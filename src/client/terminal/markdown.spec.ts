import { stripVTControlCharacters } from 'node:util';
import { MarkdownBlocks, terminalMarkdown } from './markdown.js';

describe('Markdown in the terminal chat', () => {
  it.each([
    ['paragraphs', ['one\n', '\ntwo, more\n\nthree'], ['one\n\n', 'two, more\n\n', 'three']],
    ['no list apart', ['- a\n\n- b\n\nend.'], ['- a\n\n- b\n\n', 'end.']],
    ['no code apart', ['```js\na\n\nb', '\n```\n\nend.'], ['```js\na\n\nb\n```\n\n', 'end.']],
  ])('comes in blocks: %s', (_what, pieces, blocks) => {
    const cutter = new MarkdownBlocks();
    // Character by character, as models may write.
    const cut = [...pieces.join('')].map((piece) => cutter.take(piece));
    expect([...cut, cutter.finish()].filter(Boolean)).toEqual(blocks);
    expect(cutter.finish()).toBe('');
  });

  it('is shown without its marks, also in lists', () => {
    const shown = stripVTControlCharacters(terminalMarkdown(80)('# Title\n\n- a **bold** `word`\n'));
    expect(shown).toContain('Title');
    expect(shown).toContain('a bold word');
    expect(shown).not.toMatch(/[#`]|\*\*/);
  });
});
