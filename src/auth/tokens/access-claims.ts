import { TalksyError } from '../../common/errors/talksy-error.js';
import { isUuid } from '../../common/ids.js';
import { TOKEN_TOLERANCE_MS } from './token-rules.js';

/** What we read from an access token whose signature, issuer and audience are right. */
export interface AccessClaims {
  /** The user. */
  sub: string;
  /** The token family. */
  sid: string;
  jti: string;
  /** Seconds since the epoch. */
  exp: number;
}

/** The error for a token that is not one of ours: it never says which check failed. */
export const invalidToken = (cause?: unknown): TalksyError =>
  new TalksyError('UNAUTHORIZED', 'The access token is not valid; log in again.', { cause });

/** Checks the claims of a verified token. TOKEN_EXPIRED past its end and the tolerance, UNAUTHORIZED if malformed. */
export function readClaims(payload: unknown, nowMs: number): AccessClaims {
  if (!hasClaims(payload)) throw invalidToken();
  if (nowMs >= payload.exp * 1000 + TOKEN_TOLERANCE_MS) throw new TalksyError('TOKEN_EXPIRED');
  return { sub: payload.sub, sid: payload.sid, jti: payload.jti, exp: payload.exp };
}

function hasClaims(payload: unknown): payload is AccessClaims {
  if (typeof payload !== 'object' || payload === null) return false;
  const { sub, sid, jti, exp } = payload as Partial<Record<keyof AccessClaims, unknown>>;
  const ids = [sub, sid].every((id) => typeof id === 'string' && isUuid(id));
  return ids && typeof jti === 'string' && typeof exp === 'number' && Number.isFinite(exp);
}
