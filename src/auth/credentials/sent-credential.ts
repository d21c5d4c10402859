import type { IncomingHttpHeaders } from 'node:http';
import { TalksyError } from '../../common/errors/talksy-error.js';

/** No credential of ours is longer. */
export const MAX_CREDENTIAL_LENGTH = 8192;

const BEARER = /^Bearer +([^\s,]+)$/i;

/**
 * The one credential of a request: `Authorization: Bearer …`, or `X-API-Key`; undefined where there is none. Throws
 * UNAUTHORIZED where there is more than one: which of two counts is not for a proxy and a server to disagree on.
 */
export function sentCredential(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (authorization === undefined && apiKey === undefined) return undefined;
  if (authorization !== undefined && apiKey !== undefined) {
    throw new TalksyError('UNAUTHORIZED', 'Send Authorization or X-API-Key, not both.');
  }
  const credential = authorization === undefined ? apiKey : BEARER.exec(authorization)?.[1];
  if (typeof credential !== 'string' || credential === '' || credential.length > MAX_CREDENTIAL_LENGTH) {
    throw new TalksyError('UNAUTHORIZED', 'Send a credential as Authorization: Bearer <token>, or as X-API-Key.');
  }
  return credential;
}
