import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { countTokens, loadTokenizer } from './token-count.js';
import { estimateTokens } from './token-estimate.js';

const PROSE = 'The quick brown fox jumps over the lazy dog. Grüße, Welt! 世界 🙂 x = f(42);\n\n';

describe('Talksy’s count of tokens', () => {
  it('is an estimate until the tokenizer is there, and then exact', async () => {
    expect(countTokens(PROSE)).toBe(estimateTokens(PROSE));
    await Promise.all([loadTokenizer(), loadTokenizer()]);
    expect(countTokens(PROSE)).toBe(encode(PROSE).length);
    expect(countTokens('Hello there')).toBe(2);
    expect(countTokens('')).toBe(0);
  });

  it('is exact for long prose, the second time too', async () => {
    await loadTokenizer();
    const long = PROSE.repeat(200);
    expect([countTokens(long), countTokens(long)]).toEqual([encode(long).length, encode(long).length]);
  });

  it('takes the markers of models as the text that they are', async () => {
    await loadTokenizer();
    expect(countTokens('x <|endoftext|> y')).toBeGreaterThan(3);
  });

  it.each([
    ['one endless word', 'a'.repeat(65_536)],
    ['text without blanks', '世界你好'.repeat(15_000)],
    ['emoji without end', '👩‍👩‍👧'.repeat(8000)],
    ['blanks', ' '.repeat(65_536)],
    ['lone surrogates', '\ud83d'.repeat(10_000)],
  ])('lets nobody stall the server with %s', async (_name, text) => {
    await loadTokenizer();
    const began = performance.now();
    expect(countTokens(text)).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('is an estimate for huge texts', async () => {
    await loadTokenizer();
    const huge = 'word '.repeat(50_000);
    expect(countTokens(huge)).toBe(estimateTokens(huge));
  });
});
