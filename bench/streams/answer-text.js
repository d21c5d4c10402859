/** What the fake upstream answers and the load expects: both make it from the same request, so every text is checked. */

const WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also well many must before back see through way where get much go good years work life day world system water people number part sound place great still between name should home big give air line set own under read last never us left end along while might next below saw something thought both few those always looked show large often together asked house until children side feet car mile night walk white sea began grow took river four carry state once book hear stop without second later miss idea enough eat face watch far really almost let above girl sometimes mountains cut young talk soon list song being leave family'.split(
    ' ',
  );

/** One token in so many is a line break, which JSON escapes, and one is not ASCII: as in real answers, now and then. */
const BREAK_EVERY = 41;
const FOREIGN_EVERY = 53;

/** Token `n` of the answer with this seed. */
export function token(seed, n) {
  if (n % BREAK_EVERY === BREAK_EVERY - 1) return '\n\n';
  if (n % FOREIGN_EVERY === FOREIGN_EVERY - 1) return ' größer';
  const mixed = Math.imul(seed * 7919 + n, 2654435761) >>> 8;
  return ` ${WORDS[mixed % WORDS.length]}`;
}

/** All tokens of an answer. */
export const tokensOf = (seed, count) => Array.from({ length: count }, (_, n) => token(seed, n));

/**
 * The question that asks the fake upstream for an answer: `count` tokens, the first after `firstMs`, then one in every
 * `gapMs`.
 */
export const question = ({ seed, count, firstMs, gapMs }) => `bench ${seed} ${count} ${firstMs} ${gapMs}`;

/** What a question asks for; undefined for one that is none of ours. */
export function readQuestion(text) {
  const found = /^bench (\d+) (\d+) ([\d.]+) ([\d.]+)$/.exec(text);
  if (!found) return undefined;
  const [seed, count, firstMs, gapMs] = found.slice(1).map(Number);
  return { seed, count, firstMs, gapMs };
}
