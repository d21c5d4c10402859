import { estimateTokens } from './token-estimate.js';

describe('The token estimate', () => {
  it.each([
    ['nothing', '', 0],
    ['four letters a token', 'word', 1],
    ['a part of a token as a whole one', 'words', 2],
    ['digits and punctuation dearer', '{"a":12}', 4],
    ['other alphabets dearer', 'привет', 3],
    ['a CJK character as a token', '你好世界', 4],
    ['an emoji as two', '🙂', 2],
  ])('counts %s', (_what, text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it('never falls behind a quarter of the bytes', () => {
    for (const text of ['The quick brown fox.', 'Größe und Maß', 'const a = [1, 2, 3];', 'こんにちは、世界']) {
      expect(estimateTokens(text)).toBeGreaterThanOrEqual(Buffer.byteLength(text) / 4);
    }
  });
});
