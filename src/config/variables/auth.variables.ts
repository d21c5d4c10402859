import Joi from 'joi';
import type { AuthConfig } from '../config.js';
import { count, millis, span, text } from './kinds.js';
import { namedKeys, secretList } from './key-kinds.js';
import { type Settings, readerOf } from './reader.js';

/** Tokens, passwords, keys, and who must sign in. */
export const authVariables = {
  JWT_SECRET: text().description(
    'Signs access tokens; 32 bytes or more. Required in production. Unset: generated once and kept in `DATA_DIR`.',
  ),
  JWT_PREVIOUS_SECRETS: secretList().description(
    'Older values of `JWT_SECRET`: tokens signed with them stay valid until they expire.',
  ),
  REFRESH_SECRET: text().description(
    'Derives refresh tokens; 32 bytes or more, the same on every node. Unset: generated once and kept in `DATA_DIR`.',
  ),
  JWT_ACCESS_EXPIRY: span('15m').description('Life of an access token.'),
  JWT_REFRESH_EXPIRY: span('7d').description('Life of a refresh token.'),
  BCRYPT_ROUNDS: count(4).max(16).default(12).description('Cost of a password hash, as a power of two.'),
  AUTH_REQUIRED: Joi.boolean()
    .default(true)
    .description('Whether callers must sign in. If not, who comes without a credential is a guest.'),
  AUTH_GUESTS_IN_PRODUCTION: Joi.boolean()
    .default(false)
    .description('Says that `AUTH_REQUIRED=false` is meant in production; without it the server does not start there.'),
  API_KEYS: namedKeys().description('Keys of service clients, each acting as an account of its own.'),
  ADMIN_EMAIL: text().email().lowercase().description('Account that is made an admin at start.'),
  ADMIN_PASSWORD: text().description(
    'Its password, 8 to 72 bytes. An account that exists is promoted only where this is its password.',
  ),
  AUTH_CACHE_ENABLED: Joi.boolean()
    .default(true)
    .description('Remembers checked credentials and accounts, so that a repeated one costs no database.'),
  AUTH_CACHE_USER_TTL_MS: millis(1).default(300_000).description('How long an account is remembered.'),
  AUTH_CACHE_USER_MAX_SIZE: count(1).default(1000).description('How many accounts are remembered.'),
  AUTH_CACHE_TOKEN_TTL_MS: millis(1)
    .default(300_000)
    .description('How long a credential is remembered, at most to its end.'),
  AUTH_CACHE_TOKEN_MAX_SIZE: count(1).default(5000).description('How many credentials are remembered.'),
};

/** What accounts and tokens need. */
export function authSlice(settings: Settings): AuthConfig {
  const read = readerOf(authVariables, settings);
  const [email, password] = [read<string | undefined>('ADMIN_EMAIL'), read<string | undefined>('ADMIN_PASSWORD')];
  const remembers = read<boolean>('AUTH_CACHE_ENABLED');
  const bounds = (maxSize: number, ttlMs: number) => ({ maxSize: remembers ? maxSize : 0, ttlMs });
  return {
    jwtSecret: read('JWT_SECRET'),
    jwtPreviousSecrets: read<string[] | undefined>('JWT_PREVIOUS_SECRETS') ?? [],
    refreshSecret: read('REFRESH_SECRET'),
    accessExpiryMs: read('JWT_ACCESS_EXPIRY'),
    refreshExpiryMs: read('JWT_REFRESH_EXPIRY'),
    bcryptRounds: read('BCRYPT_ROUNDS'),
    required: read('AUTH_REQUIRED'),
    guestsInProduction: read('AUTH_GUESTS_IN_PRODUCTION'),
    apiKeys: read<AuthConfig['apiKeys'] | undefined>('API_KEYS') ?? [],
    admin: email || password ? { email, password } : undefined,
    cache: {
      users: bounds(read('AUTH_CACHE_USER_MAX_SIZE'), read('AUTH_CACHE_USER_TTL_MS')),
      tokens: bounds(read('AUTH_CACHE_TOKEN_MAX_SIZE'), read('AUTH_CACHE_TOKEN_TTL_MS')),
    },
  };
}
