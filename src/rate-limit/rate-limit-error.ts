import { TalksyError } from '../common/errors/talksy-error.js';
import type { RateVerdict } from './rate-counter.port.js';

/** RATE_LIMIT_EXCEEDED for a refused verdict, in words for people: what is limited, and when to come again. */
export function rateLimitExceeded(what: string, { limit, retryAfterMs }: RateVerdict): TalksyError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const wait = `try again in ${seconds} second${seconds === 1 ? '' : 's'}`;
  return new TalksyError('RATE_LIMIT_EXCEEDED', `At most ${limit} ${what} at a time; ${wait}.`, { retryAfterMs });
}
