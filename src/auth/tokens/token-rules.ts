/** What every access token is signed with and checked against, by JwtService and by passport alike. */
export const TOKEN_ALGORITHM = 'HS256';
export const TOKEN_ISSUER = 'talksy';
export const TOKEN_AUDIENCE = 'talksy-api';

/** How far the clocks of two nodes may be apart before a token expires early. */
export const TOKEN_TOLERANCE_MS = 5000;

/** For signing: HS256 and nothing else. */
export const SIGN_RULES = { algorithm: TOKEN_ALGORITHM, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE } as const;

/**
 * For verifying. Expiry is left to `readClaims`: the library lets a token without `exp` pass and knows no clock but
 * the system's.
 */
export const VERIFY_RULES = {
  algorithms: [TOKEN_ALGORITHM] as [typeof TOKEN_ALGORITHM],
  issuer: TOKEN_ISSUER,
  audience: TOKEN_AUDIENCE,
  ignoreExpiration: true,
};
