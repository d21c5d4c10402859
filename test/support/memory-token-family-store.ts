import {
  type NewTokenFamily,
  type StoredRefreshToken,
  type TokenFamily,
  TokenFamilyStore,
} from '../../src/auth/token-family-store.port.js';
import type { Clock } from '../../src/common/clock.js';

interface TokenRow {
  familyId: string;
  successorHash?: string;
  spentAt?: Date;
}

/** Sign-ins in maps, for tests that need no database; times are the clock's. */
export class MemoryTokenFamilyStore extends TokenFamilyStore {
  readonly families = new Map<string, TokenFamily>();
  /** How often a family was looked up by its id. */
  lookups = 0;
  readonly tokens = new Map<string, TokenRow>();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** Knows no accounts: whoever calls has looked. */
  override async open({ id, userId, expiresAt }: NewTokenFamily, tokenHash: string): Promise<boolean> {
    this.families.set(id, { id, userId, expiresAt, revokedAt: undefined });
    this.tokens.set(tokenHash, { familyId: id });
    return true;
  }

  override async findToken(tokenHash: string): Promise<StoredRefreshToken | undefined> {
    const row = this.tokens.get(tokenHash);
    const family = row && this.families.get(row.familyId);
    if (!family) return undefined;
    const successor = row.successorHash === undefined ? undefined : this.tokens.get(row.successorHash);
    return { family: { ...family }, spentAt: row.spentAt, successorSpent: successor?.spentAt !== undefined };
  }

  override async rotate(tokenHash: string, successorHash: string, expiresAt: Date): Promise<boolean> {
    const row = this.tokens.get(tokenHash);
    const family = row && this.families.get(row.familyId);
    if (!family || row.spentAt || family.revokedAt || family.expiresAt.getTime() <= this.clock.now()) return false;
    Object.assign(row, { spentAt: new Date(this.clock.now()), successorHash });
    this.tokens.set(successorHash, { familyId: family.id });
    family.expiresAt = expiresAt;
    return true;
  }

  override async revoke(familyId: string): Promise<boolean> {
    const family = this.families.get(familyId);
    if (!family || family.revokedAt) return false;
    family.revokedAt = new Date(this.clock.now());
    return true;
  }

  override async revokeAllOf(userId: string, exceptFamilyId?: string): Promise<string[]> {
    const ids = [...this.families.values()]
      .filter((family) => family.userId === userId && family.id !== exceptFamilyId)
      .map(({ id }) => id);
    const ended = await Promise.all(ids.map(async (id) => ((await this.revoke(id)) ? [id] : [])));
    return ended.flat();
  }

  override async findFamily(id: string): Promise<TokenFamily | undefined> {
    this.lookups += 1;
    const family = this.families.get(id);
    return family && { ...family };
  }

  override async deleteExpired(before: Date): Promise<number> {
    const expired = [...this.families.values()].filter(({ expiresAt }) => expiresAt < before);
    for (const { id } of expired) this.families.delete(id);
    return expired.length;
  }
}
