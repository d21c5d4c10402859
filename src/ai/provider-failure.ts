import type { ErrorCode } from '../common/errors/error-codes.js';
import { TalksyError } from '../common/errors/talksy-error.js';

/**
 * What a failure says of the next try. `refused`: this provider will never take this request (400, 401, 403, 404, 413,
 * 422). `passing`: it may at another time (408, 409, 429, 5xx, network). `faulty`: it answered what no client can
 * understand, or fell silent; asking it again at once is no use.
 */
export type FailureKind = 'refused' | 'passing' | 'faulty';

interface FailureOptions {
  message?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

/** A provider's failure, PROVIDER_*, and what the chain may do about it. The vendor's own words stay in `cause`. */
export class ProviderFailure extends TalksyError {
  constructor(
    code: ErrorCode & `PROVIDER_${string}`,
    readonly kind: FailureKind,
    { message, ...options }: FailureOptions = {},
  ) {
    super(code, message, options);
  }
}

/** What kind of failure this is; undefined for what no provider is to blame for: a stop, a client's mistake, a bug. */
export function failureKindOf(error: unknown): FailureKind | undefined {
  if (error instanceof ProviderFailure) return error.kind;
  return error instanceof TalksyError && error.code.startsWith('PROVIDER_') ? 'faulty' : undefined;
}
