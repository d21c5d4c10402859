import { createHash } from 'node:crypto';

/** Of a SHA-256: enough that no two of a few ten thousand passwords are alike, and exact in a double. */
const DIGEST_BYTES = 6;
/** Shorter ones are refused anyway. */
const SHORTEST = 8;

let loading: Promise<Float64Array> | undefined;

/** Whether a password stands in the list of the most common ones, whatever its case. The first call loads the list. */
export async function isCommonPassword(password: string): Promise<boolean> {
  loading ??= load();
  return includes(await loading, digestOf(password.toLowerCase()));
}

/** Keeps a digest of each password, 8 bytes instead of a string of 60, and lets go of the list itself. */
async function load(): Promise<Float64Array> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const list = dictionary['passwords-common'];
  const digests = Float64Array.from(list.filter((password) => password.length >= SHORTEST).map(digestOf)).sort();
  for (const words of Object.values(dictionary)) words.length = 0;
  return digests;
}

const digestOf = (password: string): number =>
  createHash('sha256').update(password).digest().readUIntBE(0, DIGEST_BYTES);

function includes(sorted: Float64Array, wanted: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}
