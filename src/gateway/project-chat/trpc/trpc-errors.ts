import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { ERROR_CODES } from '../../../common/errors/error-codes.js';
import { TalksyError, toWireError, type WireError } from '../../../common/errors/talksy-error.js';

const KEYS: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
};

/** Any failure as tRPC tells it. What we did not plan for says nothing of itself. */
export function toTrpcError(cause: unknown): TRPCError {
  if (!(cause instanceof TalksyError)) {
    return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: ERROR_CODES.INTERNAL_ERROR.message, cause });
  }
  const code = KEYS[ERROR_CODES[cause.code].http ?? 500] ?? 'INTERNAL_SERVER_ERROR';
  return new TRPCError({ code, message: cause.message, cause });
}

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** The same failure in our words, which clients find under `data.error`: input that breaks a schema names its field. */
export function wireErrorOf({ code, message, cause }: TRPCError, requestId: string): WireError {
  const issues = (cause as { issues?: Issue[] } | undefined)?.issues;
  if (!issues) {
    const isOurs = cause instanceof TalksyError || code === 'INTERNAL_SERVER_ERROR';
    return toWireError(isOurs ? cause : new TalksyError(unplanned(code), message), requestId);
  }
  const details = issues.map(({ path, message: what }) => {
    const field = path.map(String).join('.') || 'input';
    return { field, message: `${field}: ${what}` };
  });
  return toWireError(new TalksyError('VALIDATION_ERROR', details[0]!.message, { details }), requestId);
}

/** `Retry-After`, in seconds, for the longest wait that one of these failures asks for. */
export function retryHeaders(failures: readonly { retryAfterMs?: number | undefined }[]): Record<string, string> {
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return waits.length > 0 ? { 'Retry-After': String(Math.ceil(Math.max(...waits) / 1000)) } : {};
}

/** What tRPC refuses before it calls us. */
const unplanned = (code: TRPC_ERROR_CODE_KEY) => {
  if (code === 'NOT_FOUND') return 'NOT_FOUND';
  return code === 'METHOD_NOT_SUPPORTED' ? 'METHOD_NOT_ALLOWED' : 'VALIDATION_ERROR';
};
