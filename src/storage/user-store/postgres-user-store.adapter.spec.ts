import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import type { Database } from '../database/database.js';
import { PostgresUserStore } from './postgres-user-store.adapter.js';
import { userStoreContract } from './user-store.contract.js';

/** Looks before it writes: two that look at once both write. */
class RacingUserStore extends PostgresUserStore {
  override async insert(user: Parameters<PostgresUserStore['insert']>[0]) {
    const taken = await this.findByEmail(user.email);
    return taken ? undefined : { id: user.id, email: user.email, role: 'user' as const, createdAt: new Date() };
  }
}

describe('PostgresUserStore', () => {
  onEachDatabase((database) => {
    proveContract(userStoreContract, () => new PostgresUserStore(database()));

    it('refuses a second account under one id', async () => {
      const id = await insertUser(database());
      const store = new PostgresUserStore(database());
      const again = store.insert({ id, email: `${newRowId()}@example.com`, passwordHash: 'hash' });
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    });
  });
});

describe('the contract of UserStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that does not keep accounts, and gives an email twice', async () => {
    expect(await failingCases(userStoreContract, () => new RacingUserStore(database))).toEqual(
      expect.arrayContaining([
        'finds an account by id and by email',
        'gives an email to one of ten accounts that ask at once',
      ]),
    );
  });
});
