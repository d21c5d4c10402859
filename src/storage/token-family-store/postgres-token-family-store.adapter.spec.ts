import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { Database } from '../database/database.js';
import { PostgresTokenFamilyStore } from './postgres-token-family-store.adapter.js';
import { type TokenFamilyBench, tokenFamilyStoreContract } from './token-family-store.contract.js';

function benchOf(database: Database, Store = PostgresTokenFamilyStore): TokenFamilyBench {
  const clock = new FakeClock(Date.now());
  const disable = async (id: string): Promise<void> => {
    const disabled_at = new Date();
    await database.run((db) => db.updateTable('users').set({ disabled_at }).where('id', '=', id).execute());
  };
  const newUser = () => insertUser(database);
  return { store: new Store(database, clock), clock, newUser, disable, passwordHash: 'hash' };
}

/** Asks nobody whose sign-in it opens, and ends more than it is told. */
class CarelessStore extends PostgresTokenFamilyStore {
  override async open(...[family, hash]: Parameters<PostgresTokenFamilyStore['open']>) {
    await super.open({ id: family.id, userId: family.userId, expiresAt: family.expiresAt }, hash);
    return true;
  }

  override revokeAllOf(userId: string) {
    return super.revokeAllOf(userId);
  }
}

/** Believes every token: who asks gets a successor. */
class CredulousStore extends PostgresTokenFamilyStore {
  override async rotate(...[, successorHash, expiresAt]: Parameters<PostgresTokenFamilyStore['rotate']>) {
    await super.rotate(successorHash, successorHash, expiresAt);
    return true;
  }
}

describe('PostgresTokenFamilyStore', () => {
  onEachDatabase((database) => {
    proveContract(tokenFamilyStoreContract, () => benchOf(database()));
  });
});

describe('the contract of TokenFamilyStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that gives successors away', async () => {
    expect(await failingCases(tokenFamilyStoreContract, () => benchOf(database, CredulousStore))).toEqual([
      'knows neither tokens nor families that are not there',
      'spends a token for its successor and prolongs the family',
      'spends a token once, however many ask at once',
      'gives ten that ask at once for the same successor one true, and no failure',
      'rotates nothing once the family is revoked or expired',
    ]);
  });

  it('catches a store that asks no questions', async () => {
    expect(await failingCases(tokenFamilyStoreContract, () => benchOf(database, CarelessStore))).toEqual([
      'opens no family for an account that is gone or disabled, or has another password by now',
      'ends all sign-ins of one account but the one that is kept, each once',
    ]);
  });
});
