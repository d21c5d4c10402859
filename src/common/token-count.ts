import { LRUCache } from 'lru-cache';
import { estimateTokens } from './token-estimate.js';

type Tokenizer = (text: string) => number;

/** Texts beyond this are estimated: a tokenizer's exactness is not worth tens of milliseconds of everybody's time. */
const MAX_EXACT_UNITS = 200_000;
/** The tokenizer's time grows with the square of a word's length, and some texts are one word: pieces bound it. */
const PIECE_UNITS = 256;
/** Shorter texts are counted sooner than found. */
const MIN_CACHED_UNITS = 64;
const CACHE_UNITS = 4_000_000;

const counted = new LRUCache<string, number>({ maxSize: CACHE_UNITS, sizeCalculation: (_count, text) => text.length });
let tokenizer: Tokenizer | undefined;
let loading: Promise<void> | undefined;

/** Brings the tokenizer in (o200k_base): 0.1 s and 17 MB, once, for who needs exact counts. Never rejects. */
export async function loadTokenizer(): Promise<void> {
  loading ??= importTokenizer().then(
    (loaded) => void (tokenizer = loaded),
    () => undefined,
  );
  return loading;
}

/**
 * How many tokens a text costs: exact for OpenAI's newer models (within a token for each 256 characters without a blank)
 * once the tokenizer is loaded, an estimate before, and for huge texts. A text that was counted lately costs nothing.
 */
export function countTokens(text: string): number {
  if (!tokenizer || text.length > MAX_EXACT_UNITS) return estimateTokens(text);
  if (text.length < MIN_CACHED_UNITS) return tokenizer(text);
  let count = counted.get(text);
  if (count === undefined) counted.set(text, (count = countPieces(text, tokenizer)));
  return count;
}

/** The tokenizer with markers such as <|endoftext|> taken as the text that they are, and a bounded cache of words. */
async function importTokenizer(): Promise<Tokenizer> {
  const { countTokens: count, setMergeCacheSize } = await import('gpt-tokenizer/encoding/o200k_base');
  setMergeCacheSize(10_000);
  const plain = { disallowedSpecial: new Set<string>() };
  return (text) => count(text, plain);
}

function countPieces(text: string, count: Tokenizer): number {
  let tokens = 0;
  for (let at = 0; at < text.length;) {
    const end = pieceEnd(text, at);
    tokens += count(text.slice(at, end));
    at = end;
  }
  return tokens;
}

/** Before the last blank, where a token ends anyway; in a long word anywhere but within a surrogate pair. */
function pieceEnd(text: string, at: number): number {
  const end = at + PIECE_UNITS;
  if (end >= text.length) return text.length;
  const blank = text.lastIndexOf(' ', end - 1);
  if (blank > at) return blank;
  return (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
}
