const BASE_MS = 250;
const MAX_MS = 5000;

/**
 * How long to wait before trying again: what the vendor asked for, else exponential back-off with full jitter (a random
 * part of 250 ms, 500 ms, … 5 s), so that many who failed together do not come back together.
 */
export function retryDelayMs(tries: number, retryAfterMs: number | undefined, random: number): number {
  return retryAfterMs ?? Math.floor(random * Math.min(MAX_MS, BASE_MS * 2 ** (tries - 1)));
}
