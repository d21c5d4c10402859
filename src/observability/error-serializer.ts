const DEEPEST_CAUSE = 3;

interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  code?: string | number;
  cause?: LoggedError;
}

/**
 * What a log says of an error and its causes: name, message, stack, code. Nothing else, because libraries hang whole
 * requests, rows and vendor answers on their errors.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!isError(error)) return { type: typeof error, message: String(error) };
  const logged: LoggedError = { type: error.name, message: error.message };
  if (error.stack) logged.stack = error.stack;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') logged.code = code;
  if (error.cause !== undefined && depth < DEEPEST_CAUSE) logged.cause = serializeError(error.cause, depth + 1);
  return logged;
}

/** Also an error of another realm, whose class is not ours. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
