import type { ErrorCode } from '../../../common/errors/error-codes.js';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import { type FailureKind, ProviderFailure } from '../../provider-failure.js';

type ErrorClass = abstract new (...args: never) => Error;
type Verdict = [code: ErrorCode & `PROVIDER_${string}`, kind: FailureKind];

/** The error classes by which an SDK tells that nobody answered. */
export interface VendorErrors {
  readonly timeout: ErrorClass;
  readonly connection: ErrorClass;
}

/** What an SDK's error may hold; foreign, so nothing is sure. */
interface Failure {
  status?: unknown;
  code?: unknown;
  cause?: unknown;
  headers?: { get?: (name: string) => string | null };
}

const NETWORK_CODE = /^(UND_ERR_|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)/;
const TIMEOUT_CODE = /^(ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/;
const MAX_CAUSES = 5;
/** A claim on the server's patience that is longer than a day is none that we could keep. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Any failure of a vendor as a TalksyError. What the vendor said, and what it was sent, stays in `cause`. */
export function toProviderFailure(error: unknown, classes: VendorErrors): TalksyError {
  if (error instanceof TalksyError) return error;
  const retryAfterMs = retryAfter((error ?? {}) as Failure);
  return new ProviderFailure(...verdictOf(error, classes), {
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function verdictOf(error: unknown, { timeout, connection }: VendorErrors): Verdict {
  const { status } = (error ?? {}) as Failure;
  if (status === 408 || error instanceof timeout) return ['PROVIDER_TIMEOUT', 'passing'];
  if (typeof status === 'number') return ofStatus(status);
  const code = networkCode(error);
  if (code && TIMEOUT_CODE.test(code)) return ['PROVIDER_TIMEOUT', 'passing'];
  return code || error instanceof connection ? ['PROVIDER_UNAVAILABLE', 'passing'] : ['PROVIDER_ERROR', 'faulty'];
}

function ofStatus(status: number): Verdict {
  if (status === 409 || status === 429 || status >= 500) return ['PROVIDER_UNAVAILABLE', 'passing'];
  return ['PROVIDER_ERROR', 'refused'];
}

/** The system's or the HTTP client's code, from wherever in the chain of causes it is. */
function networkCode(error: unknown): string | undefined {
  let failure = error as Failure | null | undefined;
  for (let depth = 0; failure && depth < MAX_CAUSES; depth++) {
    if (typeof failure.code === 'string' && NETWORK_CODE.test(failure.code)) return failure.code;
    failure = failure.cause as Failure | null | undefined;
  }
  return undefined;
}

/** Milliseconds from `retry-after-ms`, or from `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfter({ headers }: Failure): number | undefined {
  const header = (name: string): string => headers?.get?.(name) ?? '';
  const millis = header('retry-after-ms');
  const seconds = header('retry-after');
  if (/^\d{1,9}(\.\d+)?$/.test(millis)) return bounded(Number(millis));
  if (/^\d{1,6}(\.\d+)?$/.test(seconds)) return bounded(Number(seconds) * 1000);
  const date = Date.parse(seconds);
  return Number.isNaN(date) ? undefined : bounded(date - Date.now());
}

const bounded = (ms: number): number => Math.ceil(Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS));
