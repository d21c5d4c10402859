import { randomBytes } from 'node:crypto';
import type { ContractCase } from '../../../test/support/contract.js';
import type { FakeClock } from '../../../test/support/fake-clock.js';
import type { TokenFamilyStore } from '../../auth/token-family-store.port.js';
import { newRowId } from '../../common/ids.js';

/** A store, the clock it goes by, and users for its families to belong to. */
export interface TokenFamilyBench {
  store: TokenFamilyStore;
  clock: FakeClock;
  newUser(): Promise<string>;
  /** Disables the account. */
  disable(userId: string): Promise<void>;
  /** What `newUser` gives as password hash. */
  passwordHash: string;
}

const HOUR_MS = 3_600_000;
const newHash = (): string => randomBytes(32).toString('hex');

async function signIn({ store, clock, newUser }: TokenFamilyBench) {
  const family = { id: newRowId(), userId: await newUser(), expiresAt: new Date(clock.now() + HOUR_MS) };
  const hash = newHash();
  expect(await store.open(family, hash)).toBe(true);
  return { family, hash };
}

/** What every store of sign-ins must keep. */
export const tokenFamilyStoreContract: readonly ContractCase<TokenFamilyBench>[] = [
  {
    name: 'finds a new sign-in by its token and by its id, unspent',
    prove: async (bench) => {
      const { family, hash } = await signIn(bench);
      const stored = { ...family, revokedAt: undefined };
      expect(await bench.store.findToken(hash)).toEqual({ family: stored, spentAt: undefined, successorSpent: false });
      expect(await bench.store.findFamily(family.id)).toEqual(stored);
    },
  },
  {
    name: 'knows neither tokens nor families that are not there',
    prove: async ({ store }) => {
      expect(await store.findToken(newHash())).toBeUndefined();
      expect(await store.findFamily(newRowId())).toBeUndefined();
      expect(await store.findFamily('none')).toBeUndefined();
      expect(await store.rotate(newHash(), newHash(), new Date())).toBe(false);
      expect(await store.revoke(newRowId())).toBe(false);
      expect(await store.revoke('none')).toBe(false);
    },
  },
  {
    name: 'spends a token for its successor and prolongs the family',
    prove: async (bench) => {
      const { family, hash } = await signIn(bench);
      const [second, third] = [newHash(), newHash()];
      const expiresAt = new Date(bench.clock.now() + 2 * HOUR_MS);
      bench.clock.advance(1000);
      const spentAt = new Date(bench.clock.now());
      expect(await bench.store.rotate(hash, second, expiresAt)).toBe(true);
      expect(await bench.store.findToken(hash)).toMatchObject({
        family: { expiresAt },
        spentAt,
        successorSpent: false,
      });
      expect(await bench.store.findToken(second)).toMatchObject({ family: { id: family.id }, spentAt: undefined });
      expect(await bench.store.rotate(second, third, expiresAt)).toBe(true);
      expect(await bench.store.findToken(hash)).toMatchObject({ spentAt, successorSpent: true });
    },
  },
  {
    name: 'spends a token once, however many ask at once',
    prove: async (bench) => {
      const { family, hash } = await signIn(bench);
      const successors = Array.from({ length: 10 }, newHash);
      const rotated = await Promise.all(successors.map((next) => bench.store.rotate(hash, next, family.expiresAt)));
      expect(rotated.filter(Boolean)).toHaveLength(1);
      const stored = await Promise.all(successors.map((next) => bench.store.findToken(next)));
      expect(stored.map((token) => token !== undefined)).toEqual(rotated);
    },
  },
  {
    name: 'gives ten that ask at once for the same successor one true, and no failure',
    prove: async (bench) => {
      const { family, hash } = await signIn(bench);
      const successor = newHash();
      const asks = Array.from({ length: 10 }, () => bench.store.rotate(hash, successor, family.expiresAt));
      expect((await Promise.all(asks)).filter(Boolean)).toHaveLength(1);
    },
  },
  {
    name: 'rotates nothing once the family is revoked or expired',
    prove: async (bench) => {
      const [revoked, expired] = [await signIn(bench), await signIn(bench)];
      const later = new Date(bench.clock.now() + 9 * HOUR_MS);
      await bench.store.revoke(revoked.family.id);
      expect(await bench.store.rotate(revoked.hash, newHash(), later)).toBe(false);
      bench.clock.advance(HOUR_MS);
      expect(await bench.store.rotate(expired.hash, newHash(), later)).toBe(false);
      expect(await bench.store.findToken(expired.hash)).toMatchObject({ spentAt: undefined });
    },
  },
  {
    name: 'revokes a family once, and for good',
    prove: async (bench) => {
      const { family, hash } = await signIn(bench);
      const revokedAt = new Date(bench.clock.now());
      const revoked = await Promise.all([1, 2, 3].map(() => bench.store.revoke(family.id)));
      expect(revoked.filter(Boolean)).toHaveLength(1);
      bench.clock.advance(1000);
      await bench.store.revoke(family.id);
      expect(await bench.store.findFamily(family.id)).toMatchObject({ revokedAt });
      expect(await bench.store.findToken(hash)).toMatchObject({ family: { revokedAt } });
    },
  },
  {
    name: 'deletes what expired before a moment, tokens and all',
    prove: async (bench) => {
      const old = await signIn(bench);
      bench.clock.advance(1);
      const young = await signIn(bench);
      expect(await bench.store.deleteExpired(young.family.expiresAt)).toBeGreaterThanOrEqual(1);
      expect(await bench.store.findToken(old.hash)).toBeUndefined();
      expect(await bench.store.findFamily(old.family.id)).toBeUndefined();
      expect(await bench.store.findToken(young.hash)).toBeDefined();
      expect(await bench.store.deleteExpired(young.family.expiresAt)).toBe(0);
    },
  },
  {
    name: 'opens no family for an account that is gone or disabled, or has another password by now',
    prove: async ({ store, clock, newUser, disable, passwordHash }) => {
      const [disabled, changed] = [await newUser(), await newUser()];
      await disable(disabled);
      const expiresAt = new Date(clock.now() + HOUR_MS);
      const refused = [{ userId: newRowId() }, { userId: disabled }, { userId: changed, passwordHash: 'old' }];
      for (const owner of refused) {
        const family = { id: newRowId(), expiresAt, ...owner };
        expect(await store.open(family, newHash())).toBe(false);
        expect(await store.findFamily(family.id)).toBeUndefined();
      }
      expect(await store.open({ id: newRowId(), expiresAt, userId: changed, passwordHash }, newHash())).toBe(true);
    },
  },
  {
    name: 'ends all sign-ins of one account but the one that is kept, each once',
    prove: async (bench) => {
      const { store, clock } = bench;
      const { family: stranger } = await signIn(bench);
      const { family } = await signIn(bench);
      const { userId, expiresAt } = family;
      const [second, third] = [newRowId(), newRowId()];
      for (const id of [second, third]) await store.open({ id, userId, expiresAt }, newHash());
      expect((await store.revokeAllOf(userId, second)).sort()).toEqual([family.id, third].sort());
      const revokedAt = new Date(clock.now());
      for (const id of [family.id, third]) expect(await store.findFamily(id)).toMatchObject({ revokedAt });
      for (const id of [second, stranger.id])
        expect(await store.findFamily(id)).toMatchObject({ revokedAt: undefined });
      expect(await store.revokeAllOf(userId)).toEqual([second]);
      expect(await store.revokeAllOf(userId)).toEqual([]);
    },
  },
];
