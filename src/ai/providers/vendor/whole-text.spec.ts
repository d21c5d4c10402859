import { WholeText } from './whole-text.js';

describe('Text in pieces', () => {
  it.each([
    [
      ['a\uD83D', '\uDE00b'],
      ['a', '😀b'],
    ],
    [
      ['\uD83D', '', '\uDE00'],
      ['', '', '😀'],
    ],
    [
      ['\uD83D', 'x'],
      ['', '\uFFFDx'],
    ],
    [['\uDE00'], ['\uFFFD']],
  ])('%j is shown as %j', (pieces, shown) => {
    const text = new WholeText();
    expect(pieces.map((piece) => text.take(piece))).toEqual(shown);
    expect(text.rest()).toBe('');
  });

  it('gives a half that stayed alone once', () => {
    const text = new WholeText();
    text.take('\uD83D');
    expect([text.rest(), text.rest()]).toEqual(['\uFFFD', '']);
  });
});
