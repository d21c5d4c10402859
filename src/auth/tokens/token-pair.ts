import type { IssuedAccess } from './access-tokens.service.js';

/** What a sign-in or a rotation gives the client. */
export interface TokenPair extends IssuedAccess {
  refreshToken: string;
  tokenType: 'Bearer';
}

/** Puts a pair together in the order in which clients read it. */
export function tokenPair({ accessToken, expiresIn }: IssuedAccess, refreshToken: string): TokenPair {
  return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn };
}
