import type { AuthConfig } from '../config.js';
import { count, span, text } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** Tokens and passwords. */
export const authVariables = {
  JWT_SECRET: text().description(
    'Signs access tokens; 32 bytes or more. Required in production. Unset: generated once and kept in `DATA_DIR`.',
  ),
  REFRESH_SECRET: text().description(
    'Derives refresh tokens; 32 bytes or more, the same on every node. Unset: generated once and kept in `DATA_DIR`.',
  ),
  JWT_ACCESS_EXPIRY: span('15m').description('Life of an access token.'),
  JWT_REFRESH_EXPIRY: span('7d').description('Life of a refresh token.'),
  BCRYPT_ROUNDS: count(4).max(16).default(12).description('Cost of a password hash, as a power of two.'),
};

/** What accounts and tokens need. */
export function authSlice(settings: Settings): AuthConfig {
  const read = readerOf(authVariables, settings);
  return {
    jwtSecret: read('JWT_SECRET'),
    refreshSecret: read('REFRESH_SECRET'),
    accessExpiryMs: read('JWT_ACCESS_EXPIRY'),
    refreshExpiryMs: read('JWT_REFRESH_EXPIRY'),
    bcryptRounds: read('BCRYPT_ROUNDS'),
  };
}
