import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import { Accounts } from '../../user/accounts.service.js';
import type { Database } from '../database/database.js';
import { PostgresUserStore } from './postgres-user-store.adapter.js';
import { userStoreContract } from './user-store.contract.js';

/** Looks before it writes: two that look at once both write. */
class RacingUserStore extends PostgresUserStore {
  override async insert(user: Parameters<PostgresUserStore['insert']>[0]) {
    const taken = await this.findByEmail(user.email);
    return taken
      ? undefined
      : { id: user.id, email: user.email, role: 'user' as const, createdAt: new Date(), disabledAt: undefined };
  }
}

describe('PostgresUserStore', () => {
  onEachDatabase((database) => {
    proveContract(userStoreContract, () => new PostgresUserStore(database()));

    it('makes one account for the nodes that start at once and want the same', async () => {
      const accounts = new Accounts(new PostgresUserStore(database()));
      const id = newRowId();
      const asks = Array.from({ length: 10 }, () => accounts.ensure(id, `${id}@service.invalid`, 'service'));
      for (const user of await Promise.all(asks)) expect(user).toMatchObject({ id, role: 'service' });
    });

    it('leaves guests alone whose sign-in has not been swept away', async () => {
      const store = new PostgresUserStore(database());
      const user_id = newRowId();
      await store.insert({ id: user_id, email: `${user_id}@guest.invalid`, role: 'guest' });
      const family = { id: newRowId(), user_id, expires_at: new Date(), revoked_at: null };
      await database().run((db) => db.insertInto('token_families').values(family).execute());
      await store.deleteStrandedGuests(new Date(Date.now() + 60_000), 1000);
      expect(await store.find(user_id)).toBeDefined();
    });

    it('refuses a second account under one id', async () => {
      const id = await insertUser(database());
      const store = new PostgresUserStore(database());
      const again = store.insert({ id, email: `${newRowId()}@example.com`, passwordHash: 'hash' });
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    });
  });
});

/** Asks before it acts whether another admin is there. */
class TrustingUserStore extends PostgresUserStore {
  override async change(...[id, change]: Parameters<PostgresUserStore['change']>) {
    const others = (await this.list(1000)).filter(
      (user) => user.role === 'admin' && !user.disabledAt && user.id !== id,
    );
    if (others.length === 0) return 'last-admin' as const;
    await this.makeAdmin();
    return super.change(id, change);
  }

  /** So that the true store lets anybody go. */
  private async makeAdmin(): Promise<void> {
    await super.insert({ id: newRowId(), email: `${newRowId()}@example.com`, role: 'admin' });
  }
}

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

  it('catches a store that loses count of its admins', async () => {
    expect(await failingCases(userStoreContract, () => new TrustingUserStore(database))).toEqual(
      expect.arrayContaining(['leaves one admin, however many go at once']),
    );
  });
});
