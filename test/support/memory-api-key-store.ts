import { type ApiKey, ApiKeyStore, type NewApiKey } from '../../src/auth/api-key-store.port.js';

/** API keys in a map, for tests that need no database. */
export class MemoryApiKeyStore extends ApiKeyStore {
  /** How often a key was looked up by its hash, and how often a use was written. */
  lookups = 0;
  uses = 0;
  private readonly keys = new Map<string, ApiKey & { hash: string }>();

  override async insert(key: NewApiKey, maxPerUser: number): Promise<ApiKey | undefined> {
    if ((await this.listOf(key.userId)).length >= maxPerUser) return undefined;
    const stored = { ...key, createdAt: new Date(), lastUsedAt: undefined };
    this.keys.set(key.id, stored);
    return withoutHash(stored);
  }

  override async find(id: string): Promise<ApiKey | undefined> {
    const key = this.keys.get(id);
    return key && withoutHash(key);
  }

  override async findByHash(hash: string): Promise<ApiKey | undefined> {
    this.lookups += 1;
    const key = [...this.keys.values()].find((stored) => stored.hash === hash);
    return key && withoutHash(key);
  }

  override async listOf(userId: string): Promise<ApiKey[]> {
    return [...this.keys.values()]
      .filter((key) => key.userId === userId)
      .toReversed()
      .map(withoutHash);
  }

  override async delete(userId: string, id: string): Promise<boolean> {
    return this.keys.get(id)?.userId === userId && this.keys.delete(id);
  }

  override async noteUse(id: string, at: Date, notSince: Date): Promise<void> {
    const key = this.keys.get(id);
    this.uses += 1;
    if (key && (!key.lastUsedAt || key.lastUsedAt < notSince)) key.lastUsedAt = at;
  }
}

const withoutHash = ({ hash: _hash, ...key }: ApiKey & { hash: string }): ApiKey => ({ ...key });
