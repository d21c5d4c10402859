import { randomFillSync, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
/** Asking the system for the random bytes of one id costs more than the rest of it: those of many are asked for at once. */
const pool = Buffer.alloc(RANDOM_BYTES * 256);
let used = pool.length;
let msecs = 0;
let seq = 0;

/** An id for a database row: UUID v7 (RFC 9562), so that rows made later sort later, also within a millisecond. */
export function newRowId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += RANDOM_BYTES));
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // The highest bit is left free, so that there is room for all that one millisecond can bring.
    seq = random.readUInt32BE(6) >>> 1;
  } else seq += 1;
  return v7({ random, msecs, seq });
}

/** An id that must not be guessed: UUID v4, 122 random bits. */
export const newSecretId = (): string => randomUUID();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True for the text form of a UUID; anything else must not reach a uuid column. */
export const isUuid = (value: string): boolean => UUID.test(value);
