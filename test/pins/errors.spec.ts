import { ERROR_CODES } from '../../src/common/errors/error-codes.js';

/** The wire: clients switch on these codes and statuses. A change here breaks clients that are deployed. */
const PINNED = {
  VALIDATION_ERROR: 400,
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_REUSED: 401,
  FORBIDDEN: 403,
  ACCOUNT_DISABLED: 403,
  NOT_FOUND: 404,
  CONVERSATION_NOT_FOUND: 404,
  TOOL_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_TAKEN: 409,
  CONFLICT: 409,
  RUN_IN_PROGRESS: 409,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMIT_EXCEEDED: 429,
  TOKEN_BUDGET_EXCEEDED: 429,
  SESSION_EXPIRED: null,
  PROVIDER_ERROR: 502,
  PROVIDER_UNAVAILABLE: 503,
  PROVIDER_TIMEOUT: 504,
  OVERLOADED: 503,
  STORE_UNAVAILABLE: 503,
  SHUTTING_DOWN: 503,
  RUN_INTERRUPTED: null,
  TOOL_TIMEOUT: null,
  TOOL_FAILED: null,
  TOOL_DENIED: null,
  TOOL_UNKNOWN_OUTCOME: null,
  INTERNAL_ERROR: 500,
};

describe('Talksy’s error codes', () => {
  it('are these, with these HTTP statuses', () => {
    expect(Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { http }]) => [code, http]))).toEqual(PINNED);
  });

  it('each come with a sentence for people', () => {
    for (const { message } of Object.values(ERROR_CODES)) expect(message).toMatch(/^[A-Z].*\.$/);
  });
});
