import type { Role } from '../user/user.js';

/** Who is calling, proven by a credential: what guards hand to handlers, over HTTP and sockets alike. */
export interface Principal {
  userId: string;
  /** The role the account has now, which may differ from the one in the token. */
  role: Role;
  /** The sign-in that the token belongs to (`sid`); `family.revoked` names it. */
  familyId: string;
  tokenId: string;
  /** When the credential ends, in milliseconds since the epoch. */
  expiresAt: number;
}
