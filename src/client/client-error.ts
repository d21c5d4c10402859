import type { WireError } from './wire.js';

/** Codes of failures that no server told us of. */
export const UNREACHABLE = 'UNREACHABLE';
export const DISCONNECTED = 'DISCONNECTED';
export const NO_ANSWER = 'NO_ANSWER';

/** Worth another try by itself: the same request may well succeed a little later. */
const PASSING = new Set([
  UNREACHABLE,
  DISCONNECTED,
  NO_ANSWER,
  'OVERLOADED',
  'STORE_UNAVAILABLE',
  'SHUTTING_DOWN',
  'RATE_LIMIT_EXCEEDED',
]);

/** Whatever went wrong between a client and its server; `message` is one line for people. */
export class ClientError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retryAfterMs?: number,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = 'ClientError';
  }

  /** True where waiting may help. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }

  static fromWire(error: WireError): ClientError {
    return new ClientError(error.code, error.message, error.retryAfterMs, error.requestId);
  }
}

/** Takes a stranger's value for a wire error only where it looks like one. */
export function isWireError(value: unknown): value is WireError {
  const error = value as Partial<WireError> | null | undefined;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}
