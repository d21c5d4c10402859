import { median } from '../figures.js';

/**
 * Measures each contender once per round, in turns, so that what disturbs the machine disturbs all alike; the round
 * before the first is for the compiler. Gives name → figures, each the median of its rounds.
 */
export async function alternate(contenders, rounds, measure) {
  const all = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      const figures = await measure(contender, round === 0);
      if (round > 0) all.get(contender.name).push(figures);
    }
  }
  return new Map([...all].map(([name, figures]) => [name, medians(figures)]));
}

/** The median of each number, however deep it stands. */
function medians(figures) {
  const [first] = figures;
  if (typeof first === 'number') return median(figures);
  if (first === null || typeof first !== 'object') return first;
  return Object.fromEntries(Object.keys(first).map((key) => [key, medians(figures.map((one) => one[key]))]));
}
