import { randomBytes } from 'node:crypto';
import type { ContractCase } from '../../../test/support/contract.js';
import type { ApiKeyStore, NewApiKey } from '../../auth/api-key-store.port.js';
import { newRowId } from '../../common/ids.js';

/** A store, and accounts for its keys to belong to. */
export interface ApiKeyBench {
  store: ApiKeyStore;
  newUser(): Promise<string>;
}

const MANY = 100;
const newKey = (userId: string): NewApiKey => ({
  id: newRowId(),
  userId,
  name: 'laptop',
  hash: randomBytes(32).toString('hex'),
  hint: 'tk_abcd',
  expiresAt: undefined,
});

/** What every store of API keys must keep. */
export const apiKeyStoreContract: readonly ContractCase<ApiKeyBench>[] = [
  {
    name: 'finds a key by its id and by its hash',
    prove: async ({ store, newUser }) => {
      const key = { ...newKey(await newUser()), expiresAt: new Date('2030-01-01T00:00:00Z') };
      const { hash, ...kept } = key;
      const stored = await store.insert(key, MANY);
      expect(stored).toEqual({ ...kept, createdAt: expect.anything(), lastUsedAt: undefined });
      expect(await store.find(key.id)).toEqual(stored);
      expect(await store.findByHash(hash)).toEqual(stored);
      expect(JSON.stringify(stored)).not.toContain(hash);
    },
  },
  {
    name: 'finds nothing where nothing is, also under what is no id',
    prove: async ({ store }) => {
      expect(await store.find(newRowId())).toBeUndefined();
      expect(await store.find('none')).toBeUndefined();
      expect(await store.findByHash('none')).toBeUndefined();
      expect(await store.listOf(newRowId())).toEqual([]);
    },
  },
  {
    name: 'lists the keys of one account, newest first',
    prove: async ({ store, newUser }) => {
      const [owner, other] = [await newUser(), await newUser()];
      const [first, second, foreign] = [newKey(owner), newKey(owner), newKey(other)];
      for (const key of [first, second, foreign]) await store.insert(key, MANY);
      expect((await store.listOf(owner)).map(({ id }) => id)).toEqual([second.id, first.id]);
    },
  },
  {
    name: 'keeps no more keys than it may, and none of an account that is gone',
    prove: async ({ store, newUser }) => {
      const owner = await newUser();
      expect(await store.insert(newKey(owner), 2)).toBeDefined();
      expect(await store.insert(newKey(owner), 2)).toBeDefined();
      expect(await store.insert(newKey(owner), 2)).toBeUndefined();
      expect(await store.insert(newKey(newRowId()), MANY)).toBeUndefined();
    },
  },
  {
    name: 'deletes a key of its owner only, and once',
    prove: async ({ store, newUser }) => {
      const key = newKey(await newUser());
      await store.insert(key, MANY);
      expect(await store.delete(await newUser(), key.id)).toBe(false);
      expect(await store.delete(key.userId, key.id)).toBe(true);
      expect(await store.delete(key.userId, key.id)).toBe(false);
      expect(await store.delete(key.userId, 'none')).toBe(false);
      expect(await store.findByHash(key.hash)).toBeUndefined();
    },
  },
  {
    name: 'notes a use where the last one is long ago',
    prove: async ({ store, newUser }) => {
      const key = newKey(await newUser());
      await store.insert(key, MANY);
      const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      await store.noteUse(key.id, at(0), at(-60));
      expect(await store.find(key.id)).toMatchObject({ lastUsedAt: at(0) });
      await store.noteUse(key.id, at(30), at(-30));
      expect(await store.find(key.id)).toMatchObject({ lastUsedAt: at(0) });
      await store.noteUse(key.id, at(61), at(1));
      expect(await store.find(key.id)).toMatchObject({ lastUsedAt: at(61) });
      await store.noteUse(newRowId(), at(0), at(-60));
    },
  },
];
