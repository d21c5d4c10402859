import { TalksyError } from '../../common/errors/talksy-error.js';
import { ConnectionLost } from './connection-lost.js';

/** When a client may try again after the database was not there. */
const RETRY_AFTER_MS = 1000;

/**
 * SQLSTATE classes and codes (PostgreSQL, appendix A) that pass by themselves: 08 connection, 53 out of resources,
 * 57 operator intervention (shutdown, statement timeout), 58 system, 28 and 3D a server that is being set up,
 * 25006 a replica, 40 and 55P03 lost to another transaction.
 */
const PASSING = /^(08|53|57|58|28|3D|40|25006|55P03)/;
/** 22: a value that no column can hold, such as text with U+0000; 54: one that is too large for an index. */
const UNSTORABLE = /^(22|54)/;
/** 23: a key that is taken, or a row that refers to one that is gone. */
const CONTRADICTING = /^23/;

/** The SQLSTATE of an error of either driver. */
export const sqlStateOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');

/** The unique constraint that an error reports as violated. */
export function violatedKeyOf(error: unknown): string | undefined {
  return sqlStateOf(error) === '23505' ? (error as { constraint?: string }).constraint : undefined;
}

/** The one place that says what a database error means to a client. What it does not know is a bug and stays as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TalksyError) return error;
  const state = sqlStateOf(error);
  if (error instanceof ConnectionLost || PASSING.test(state)) {
    return new TalksyError('STORE_UNAVAILABLE', undefined, { retryAfterMs: RETRY_AFTER_MS, cause: error });
  }
  if (UNSTORABLE.test(state)) {
    return new TalksyError('VALIDATION_ERROR', 'A value holds characters that cannot be stored, or is too long.', {
      cause: error,
    });
  }
  if (CONTRADICTING.test(state)) return new TalksyError('CONFLICT', undefined, { cause: error });
  return error;
}
