import { ERROR_CODES, type ErrorCode } from './error-codes.js';

export interface ErrorDetail {
  field: string;
  message: string;
}

/** What is stored in a run's end and sent inside `stream_end`: an error without a request. */
export interface ErrorSummary {
  code: ErrorCode;
  message: string;
}

/** The error shape of every Talksy-native answer. */
export interface WireError extends ErrorSummary {
  details?: ErrorDetail[];
  requestId: string;
  retryAfterMs?: number;
}

interface TalksyErrorOptions {
  details?: ErrorDetail[];
  retryAfterMs?: number;
  cause?: unknown;
}

/** A failure we planned for. `message` is written for the client; secrets and foreign text belong in `cause`. */
export class TalksyError extends Error {
  readonly details: ErrorDetail[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string = ERROR_CODES[code].message,
    options: TalksyErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'TalksyError';
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The part of an error that may be stored and shown: anything but a TalksyError is a bug and stays hidden. */
export function summarizeError(error: unknown): ErrorSummary {
  if (error instanceof TalksyError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL_ERROR', message: ERROR_CODES.INTERNAL_ERROR.message };
}

/** Maps any thrown value to the wire shape. Only a TalksyError's own words get out. */
export function toWireError(error: unknown, requestId: string): WireError {
  const wire: WireError = { ...summarizeError(error), requestId };
  if (error instanceof TalksyError) {
    if (error.details) wire.details = error.details;
    if (error.retryAfterMs !== undefined) wire.retryAfterMs = error.retryAfterMs;
  }
  return wire;
}
