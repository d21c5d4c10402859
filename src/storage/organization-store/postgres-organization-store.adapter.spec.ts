import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { MemberRole } from '../../user/organization.js';
import type { GroupId } from '../../user/organization-store.port.js';
import type { Database } from '../database/database.js';
import { type OrganizationBench, organizationStoreContract } from './organization-store.contract.js';
import { PostgresOrganizationStore } from './postgres-organization-store.adapter.js';

const benchOf = (database: Database, Store = PostgresOrganizationStore): OrganizationBench => ({
  store: new Store(database),
  newUser: () => insertUser(database),
});

/** Makes an owner of whoever asks, so that none is ever the last. */
class GenerousStore extends PostgresOrganizationStore {
  override async setMember(group: GroupId, userId: string, _role: MemberRole) {
    return super.setMember(group, userId, 'owner');
  }
}

describe('PostgresOrganizationStore', () => {
  onEachDatabase((database) => proveContract(organizationStoreContract, () => benchOf(database())));
});

describe('the contract of OrganizationStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that gives other roles than it is told', async () => {
    expect(await failingCases(organizationStoreContract, () => benchOf(database, GenerousStore))).toHaveLength(2);
  });
});
