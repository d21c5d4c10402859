import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { TalksyError } from '../../common/errors/talksy-error.js';

/** What body-parser says about a body that it could not read, by the `type` of its error. */
const BODY_FAULTS: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'body must be valid JSON',
  'charset.unsupported': 'body must be encoded in UTF-8',
  'encoding.unsupported': 'body must be sent plain, or with a Content-Encoding of gzip, deflate or br',
  'request.size.invalid': 'body must be as long as its Content-Length says',
};

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMIT_EXCEEDED',
  503: 'OVERLOADED',
};

/** The planned error behind whatever was thrown, or undefined for a bug. Words of the framework do not get out. */
export function plannedError(exception: unknown): TalksyError | undefined {
  if (exception instanceof TalksyError) return exception;
  if (!(exception instanceof HttpException)) return undefined;
  const status = exception.getStatus();
  const code = CODE_OF_STATUS[status] ?? (status < 500 ? 'VALIDATION_ERROR' : undefined);
  return code && new TalksyError(code, bodyFault(exception.cause), { cause: exception });
}

function bodyFault(cause: unknown): string | undefined {
  if (cause instanceof URIError) return 'path must be valid percent-encoding';
  if (!(cause instanceof Error)) return undefined;
  const { type, limit } = cause as { type?: unknown; limit?: unknown };
  if (type === 'entity.too.large') return `body must have ${String(limit)} bytes at most`;
  return typeof type === 'string' ? BODY_FAULTS[type] : undefined;
}
