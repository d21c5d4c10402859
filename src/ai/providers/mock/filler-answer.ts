import type { ModelMessage } from '../../../common/model-message.js';
import { conversationDigest, lastUserText } from './conversation-facts.js';

const VOCABULARY = (
  'a the this that one every stream answer question model token word record log run client server node session ' +
  'reader writer message history cursor chunk keeps sends reads finds follows repeats begins ends waits moves ' +
  'quickly slowly again always later here there and then with without before after between'
).split(' ');
const QUOTED_WORDS = 8;
const QUOTED_UNITS = 80;

/** An answer of exactly `words` words that names the mock and quotes the user; the same for the same conversation. */
export function fillerAnswer(messages: readonly ModelMessage[], words: number): string {
  const said = messages.filter(({ role }) => role === 'user').length;
  const quoted = quote(lastUserText(messages));
  const opening = quoted ? `Mock reply to "${quoted}" (message ${said} of yours):` : 'Mock reply to an empty message:';
  const text = [...opening.split(' '), ...sentences(conversationDigest(messages), words)].slice(0, words).join(' ');
  return text.replace(/[.:]?$/, '.');
}

function quote(text: string): string {
  const words = text
    .slice(0, 10 * QUOTED_UNITS)
    .split(/\s+/)
    .filter((word) => word !== '');
  const start = words.slice(0, QUOTED_WORDS).join(' ').slice(0, QUOTED_UNITS);
  return start.replace(/[\uD800-\uDBFF]$/, '').trim();
}

/** Words in sentences of five to twelve, chosen by a linear congruential generator (Numerical Recipes) from the seed. */
function sentences(digest: string, count: number): string[] {
  let state = Number.parseInt(digest.slice(0, 8), 16);
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const words: string[] = [];
  while (words.length < count) {
    const sentence = Array.from({ length: 5 + next(8) }, () => VOCABULARY[next(VOCABULARY.length)]!);
    sentence[0] = sentence[0]!.charAt(0).toUpperCase() + sentence[0]!.slice(1);
    words.push(...sentence.slice(0, -1), `${sentence.at(-1)}.`);
  }
  return words;
}
