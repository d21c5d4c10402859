import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { Database } from '../database/database.js';
import { type ApiKeyBench, apiKeyStoreContract } from './api-key-store.contract.js';
import { PostgresApiKeyStore } from './postgres-api-key-store.adapter.js';

const benchOf = (database: Database, Store = PostgresApiKeyStore): ApiKeyBench => ({
  store: new Store(database),
  newUser: () => insertUser(database),
});

/** Counts nothing, writes every use down, and asks nobody whose key it is. */
class CarelessStore extends PostgresApiKeyStore {
  override insert(key: Parameters<PostgresApiKeyStore['insert']>[0]) {
    return super.insert(key, Number.MAX_SAFE_INTEGER);
  }

  override noteUse(id: string, at: Date) {
    return super.noteUse(id, at, at);
  }

  override async delete(_userId: string, id: string) {
    const key = await this.find(id);
    return super.delete(key?.userId ?? id, id);
  }
}

describe('PostgresApiKeyStore', () => {
  onEachDatabase((database) => {
    proveContract(apiKeyStoreContract, () => benchOf(database()));
  });
});

describe('the contract of ApiKeyStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that does not look closely', async () => {
    expect(await failingCases(apiKeyStoreContract, () => benchOf(database, CarelessStore))).toEqual([
      'keeps no more keys than it may, and none of an account that is gone',
      'deletes a key of its owner only, and once',
      'notes a use where the last one is long ago',
    ]);
  });
});
