import { TalksyError } from '../../common/errors/talksy-error.js';

const RETRY_AFTER_MS = 1000;

/** Refusals that pass by themselves or by an operator's hand; anything else that Redis refuses is a bug of ours. */
const PASSING =
  /^(LOADING|READONLY|OOM|BUSY|MASTERDOWN|NOREPLICAS|TRYAGAIN|CLUSTERDOWN|NOAUTH|WRONGPASS|MISCONF|UNKILLABLE)/;

/** How the driver says that a command got no answer. */
const UNANSWERED =
  /^(Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Reached the max retries)/;

/** Whether there was no usable answer: no connection, a lost one, none in time, or a server that cannot serve now. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof TalksyError) return error.code === 'STORE_UNAVAILABLE';
  const { name, message = '', syscall } = Object(error) as Partial<NodeJS.ErrnoException>;
  if (name === 'ReplyError') return PASSING.test(message);
  return UNANSWERED.test(message) || syscall !== undefined;
}

/** What an error of the driver means to a client; bugs stay as they are. */
export function toRedisError(error: unknown): unknown {
  if (error instanceof TalksyError || !isUnreachable(error)) return error;
  return new TalksyError('STORE_UNAVAILABLE', undefined, { retryAfterMs: RETRY_AFTER_MS, cause: error });
}
