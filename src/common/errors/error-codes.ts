/** What a client may do about an error; server-side knowledge that never goes over the wire. */
export type RetryAdvice = 'never' | 'after-delay' | 'after-login';

interface ErrorRow {
  /** HTTP status, or null where the code never is an HTTP answer. */
  readonly http: number | null;
  readonly retry: RetryAdvice;
  /** The message used when the place that throws has nothing better to say. */
  readonly message: string;
}

/** Every code a client can see. Adding a row is a wire change: docs/ERRORS.md lists it, or a test fails. */
export const ERROR_CODES = {
  VALIDATION_ERROR: { http: 400, retry: 'never', message: 'The request is malformed.' },
  INVALID_REQUEST: { http: 400, retry: 'never', message: 'The message must not be empty.' },
  UNAUTHORIZED: { http: 401, retry: 'after-login', message: 'Sign in first.' },
  TOKEN_EXPIRED: { http: 401, retry: 'after-login', message: 'The access token has expired; refresh it.' },
  TOKEN_REUSED: {
    http: 401,
    retry: 'after-login',
    message: 'This refresh token was already used; its sign-in was ended. Log in again.',
  },
  FORBIDDEN: { http: 403, retry: 'never', message: 'You are not allowed to do this.' },
  ACCOUNT_DISABLED: { http: 403, retry: 'never', message: 'This account is disabled.' },
  NOT_FOUND: { http: 404, retry: 'never', message: 'There is nothing here.' },
  CONVERSATION_NOT_FOUND: { http: 404, retry: 'never', message: 'This conversation does not exist.' },
  TOOL_NOT_FOUND: { http: 404, retry: 'never', message: 'This tool does not exist.' },
  RUN_NOT_FOUND: { http: 404, retry: 'never', message: 'This run does not exist.' },
  METHOD_NOT_ALLOWED: { http: 405, retry: 'never', message: 'This method is not allowed here.' },
  EMAIL_TAKEN: { http: 409, retry: 'never', message: 'An account with this email exists already.' },
  CONFLICT: { http: 409, retry: 'never', message: 'This contradicts what is stored already.' },
  RUN_IN_PROGRESS: {
    http: 409,
    retry: 'after-delay',
    message: 'This conversation is still being answered; wait for the end or stop it.',
  },
  PAYLOAD_TOO_LARGE: { http: 413, retry: 'never', message: 'The payload is too large.' },
  RATE_LIMIT_EXCEEDED: { http: 429, retry: 'after-delay', message: 'Too many requests; slow down.' },
  TOKEN_BUDGET_EXCEEDED: { http: 429, retry: 'after-delay', message: 'The token budget of the day is used up.' },
  SESSION_EXPIRED: { http: null, retry: 'after-login', message: 'The session is gone; connect again.' },
  PROVIDER_ERROR: { http: 502, retry: 'after-delay', message: 'The AI provider failed.' },
  PROVIDER_UNAVAILABLE: { http: 503, retry: 'after-delay', message: 'The AI provider cannot be reached.' },
  PROVIDER_TIMEOUT: { http: 504, retry: 'after-delay', message: 'The AI provider took too long.' },
  OVERLOADED: { http: 503, retry: 'after-delay', message: 'The server is at its limit; try again shortly.' },
  STORE_UNAVAILABLE: { http: 503, retry: 'after-delay', message: 'Storage cannot be reached; try again shortly.' },
  SHUTTING_DOWN: { http: 503, retry: 'after-delay', message: 'The server is shutting down; connect again.' },
  RUN_INTERRUPTED: { http: null, retry: 'after-delay', message: 'The server stopped while it was answering.' },
  TOOL_TIMEOUT: { http: null, retry: 'after-delay', message: 'The tool took too long.' },
  TOOL_FAILED: { http: null, retry: 'never', message: 'The tool failed.' },
  TOOL_DENIED: { http: null, retry: 'never', message: 'The tool call was denied.' },
  TOOL_UNKNOWN_OUTCOME: { http: null, retry: 'never', message: 'Whether the tool ran is not known.' },
  INTERNAL_ERROR: { http: 500, retry: 'after-delay', message: 'Something went wrong on our side.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
