import { ERROR_CODES, type ErrorCode } from '../../common/errors/error-codes.js';
import type { WireError } from '../../common/errors/talksy-error.js';

/** An error as clients of the OpenAI API read it. */
export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string | null };
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'invalid_request_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

const CODES: Partial<Record<ErrorCode, string>> = {
  UNAUTHORIZED: 'invalid_api_key',
  TOKEN_EXPIRED: 'invalid_api_key',
  RATE_LIMIT_EXCEEDED: 'rate_limit_exceeded',
  TOKEN_BUDGET_EXCEEDED: 'insufficient_quota',
};

/** Paths whose clients read errors in this shape. */
const PATHS = /^\/((openai\/)?v1|api\/llm\/responses)(\/|$)/i;

export const speaksOpenAi = (path: string): boolean => PATHS.test(path);

/** Our error in OpenAI's words, with the HTTP status that belongs to it. A model that nobody serves is a 404 there. */
export function toOpenAiError({ code, message, details }: WireError): { status: number; body: OpenAiError } {
  const param = details?.[0]?.field ?? null;
  const isUnknownModel = code === 'VALIDATION_ERROR' && param === 'model' && message.includes('is unknown');
  const status = isUnknownModel ? 404 : (ERROR_CODES[code].http ?? 500);
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  const isUnknownResponse = param === 'previous_response_id' && message.includes('not found');
  const named = isUnknownModel ? 'model_not_found' : isUnknownResponse ? 'previous_response_not_found' : CODES[code];
  const ownCode = named ?? code.toLowerCase();
  return { status, body: { error: { message, type, param, code: ownCode } } };
}
