/** One sign-in and all refresh tokens that descend from it. Its id is the access token's `sid`. */
export interface TokenFamily {
  id: string;
  userId: string;
  expiresAt: Date;
  revokedAt: Date | undefined;
}

/** A refresh token as stored: its SHA-256 in hex, never the token. */
export interface StoredRefreshToken {
  family: TokenFamily;
  /** When it was exchanged for its successor; undefined while unspent. */
  spentAt: Date | undefined;
  /** True where the successor it was exchanged for is spent too. */
  successorSpent: boolean;
}

export interface NewTokenFamily {
  id: string;
  userId: string;
  expiresAt: Date;
  /** Where given, the account must still have this password: one that was changed meanwhile opens nothing. */
  passwordHash?: string;
}

/** Sign-ins and the hashes of their refresh tokens. Every method is one atomic statement or transaction. */
export abstract class TokenFamilyStore {
  /** False where the account is gone, disabled, or has another password than the family was opened with. */
  abstract open(family: NewTokenFamily, tokenHash: string): Promise<boolean>;
  abstract findToken(tokenHash: string): Promise<StoredRefreshToken | undefined>;
  /**
   * Marks the token spent and stores its successor; the family lives until `expiresAt`. Of several callers with one
   * token exactly one gets true; false also where the family is revoked or expired.
   */
  abstract rotate(tokenHash: string, successorHash: string, expiresAt: Date): Promise<boolean>;
  /** Ends the family; a second call changes nothing. True where this call ended it. */
  abstract revoke(familyId: string): Promise<boolean>;
  /** Ends every family of the account but one, and returns the ids of those that this call ended. */
  abstract revokeAllOf(userId: string, exceptFamilyId?: string): Promise<string[]>;
  abstract findFamily(id: string): Promise<TokenFamily | undefined>;
  /** Deletes families (and their tokens) that expired before `before`; returns how many. */
  abstract deleteExpired(before: Date): Promise<number>;
}
