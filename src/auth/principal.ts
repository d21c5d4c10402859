import type { Role } from '../user/user.js';

/** Who is calling, proven by a credential: what guards hand to handlers, over HTTP and sockets alike. */
export interface Principal {
  userId: string;
  /** The role the account has now, which may differ from the one in the token. */
  role: Role;
  /** The sign-in that the access token belongs to (`sid`); `family.revoked` names it. Absent with an API key. */
  familyId?: string;
  /** The API key that was sent; `api-key.revoked` names it. Absent with an access token. */
  apiKeyId?: string;
  /** Of the access token, or of the API key. */
  tokenId: string;
  /** When the credential ends, in milliseconds since the epoch; Infinity where it does not. */
  expiresAt: number;
}

/** What ends a principal: control events name one of these, caches and open sockets are found by them. */
export function tagsOf({ userId, familyId, apiKeyId }: Principal): string[] {
  const credential = familyId === undefined ? `api-key:${apiKeyId}` : `family:${familyId}`;
  return [`user:${userId}`, credential];
}
