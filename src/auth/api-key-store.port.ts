/** A long-lived credential of an account, as stored: the SHA-256 of the key in hex, never the key. */
export interface ApiKey {
  id: string;
  userId: string;
  /** The owner's own word for it. */
  name: string;
  /** How the key begins, so that its owner can tell it from others. */
  hint: string;
  createdAt: Date;
  /** Undefined where it does not end by itself. */
  expiresAt: Date | undefined;
  lastUsedAt: Date | undefined;
}

export interface NewApiKey extends Pick<ApiKey, 'id' | 'userId' | 'name' | 'hint' | 'expiresAt'> {
  hash: string;
}

/** API keys. Every method is one atomic statement; a key that was deleted is found by nobody from then on. */
export abstract class ApiKeyStore {
  /** Undefined where the account is gone or has `maxPerUser` keys (callers that race may exceed it by their number). */
  abstract insert(key: NewApiKey, maxPerUser: number): Promise<ApiKey | undefined>;
  abstract find(id: string): Promise<ApiKey | undefined>;
  abstract findByHash(hash: string): Promise<ApiKey | undefined>;
  /** The account's keys, newest first, expired ones too. */
  abstract listOf(userId: string): Promise<ApiKey[]>;
  /** False where the account has no such key. */
  abstract delete(userId: string, id: string): Promise<boolean>;
  /** Sets the time of last use, unless it is `notSince` or later already. */
  abstract noteUse(id: string, at: Date, notSince: Date): Promise<void>;
}
