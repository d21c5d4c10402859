import { count, span, text } from './kinds.js';

/** Tokens and passwords. */
export const authVariables = {
  JWT_SECRET: text().description(
    'Signs access tokens; 32 bytes or more. Required in production. Unset: generated once and kept in `DATA_DIR`.',
  ),
  REFRESH_SECRET: text().description(
    'Derives refresh tokens; 32 bytes or more, the same on every node. Unset: generated once and kept in `DATA_DIR`.',
  ),
  JWT_ACCESS_EXPIRY: span().default('15m').description('Life of an access token.'),
  JWT_REFRESH_EXPIRY: span().default('7d').description('Life of a refresh token.'),
  BCRYPT_ROUNDS: count(4).max(16).default(12).description('Cost of a password hash, as a power of two.'),
};
