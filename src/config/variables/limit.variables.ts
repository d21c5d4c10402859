import Joi from 'joi';
import type { LimitConfig } from '../config.js';
import { count, millis } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** How often somebody may call. Windows slide: the limit holds for every stretch of time of that length. */
export const limitVariables = {
  RATE_LIMIT_ENABLED: Joi.boolean().default(true).description('`false` turns every limit of this group off.'),
  RATE_LIMIT_MAX_REQUESTS: count(1).default(10).description('Messages that a user may send within the window.'),
  RATE_LIMIT_WINDOW_MS: millis(1).default(60_000).description('Length of the window for messages.'),
  API_KEY_RATE_LIMIT_MAX_REQUESTS: count(1)
    .default(600)
    .description('Messages within the same window for callers with an API key, all keys of an account together.'),
  HTTP_RATE_LIMIT_MAX_REQUESTS: count(1)
    .default(100)
    .description('REST requests within the window: for each address, ten times as many for each signed-in user.'),
  HTTP_RATE_LIMIT_WINDOW_MS: millis(1).default(900_000).description('Length of the window for REST requests.'),
  AUTH_RATE_LIMIT_MAX_REQUESTS: count(1)
    .default(20)
    .description('Registrations, logins and refreshes of an address within the window.'),
  AUTH_RATE_LIMIT_WINDOW_MS: millis(1).default(900_000).description('Length of the window for those.'),
};

/** What the limits need. */
export function limitSlice(settings: Settings): LimitConfig {
  const read = readerOf(limitVariables, settings);
  return {
    enabled: read('RATE_LIMIT_ENABLED'),
    messages: { limit: read('RATE_LIMIT_MAX_REQUESTS'), windowMs: read('RATE_LIMIT_WINDOW_MS') },
    keyMessages: { limit: read('API_KEY_RATE_LIMIT_MAX_REQUESTS'), windowMs: read('RATE_LIMIT_WINDOW_MS') },
    requests: { limit: read('HTTP_RATE_LIMIT_MAX_REQUESTS'), windowMs: read('HTTP_RATE_LIMIT_WINDOW_MS') },
    signIns: { limit: read('AUTH_RATE_LIMIT_MAX_REQUESTS'), windowMs: read('AUTH_RATE_LIMIT_WINDOW_MS') },
  };
}
