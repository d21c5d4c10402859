import { VARIABLE_GROUPS } from './variables/groups.js';

/** A variable that is set but means nothing, and the one it was probably meant to be. */
export interface Misspelt {
  given: string;
  meant: string;
}

/** Below this length two names are alike by chance: HOME is no misspelt HOST. */
const SHORTEST = 6;
const FARTHEST = 2;

const known = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
const understood = new Set(known);

/** The set variables whose names look like a slip of the keyboard for one of ours; ordinary ones are left alone. */
export function findMisspelt(env: NodeJS.ProcessEnv): Misspelt[] {
  return Object.entries(env).flatMap(([given, value]) => {
    if (!value?.trim() || understood.has(given)) return [];
    const meant = nearest(given);
    return meant === undefined ? [] : [{ given, meant }];
  });
}

function nearest(given: string): string | undefined {
  const name = given.toUpperCase();
  if (name.length < SHORTEST) return undefined;
  const plain = name.replace(/^TALKSY_/, '');
  const exact = known.find((candidate) => candidate === plain || candidate === `${plain}_MS`);
  if (exact !== undefined) return exact;
  const distances = known
    .filter((candidate) => candidate.length >= SHORTEST && candidate[0] === plain[0])
    .map((candidate) => ({ candidate, distance: editDistance(plain, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = distances[0];
  return best && best.distance <= FARTHEST ? best.candidate : undefined;
}

/** How many letters must be typed, deleted, replaced or swapped with their neighbour to turn one into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = swapped ? beforeLast[column - 2]! + 1 : Infinity;
      current.push(Math.min(last[column]! + 1, current[column - 1]! + 1, replaced, swap));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
