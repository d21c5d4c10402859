import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { Database } from '../database/database.js';
import { PostgresTokenFamilyStore } from './postgres-token-family-store.adapter.js';
import { type TokenFamilyBench, tokenFamilyStoreContract } from './token-family-store.contract.js';

function benchOf(database: Database, Store = PostgresTokenFamilyStore): TokenFamilyBench {
  const clock = new FakeClock(Date.now());
  return { store: new Store(database, clock), clock, newUser: () => insertUser(database) };
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
});
