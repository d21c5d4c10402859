import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { PostgresUsageStore } from './postgres-usage-store.adapter.js';
import { type UsageBench, usageStoreContract } from './usage-store.contract.js';

const benchOf = (database: Database, Runs = PostgresRunStore): UsageBench => ({
  runs: new Runs(database),
  usage: new PostgresUsageStore(database),
  conversations: new PostgresConversationStore(database),
  newUser: () => insertUser(database),
  deleteConversation: async (id) => {
    await database.run((db) => db.deleteFrom('conversations').where('id', '=', id).execute());
  },
});

/** Forgets that there is a budget once the day has begun. */
class GenerousStore extends PostgresRunStore {
  override async claim(claim: Parameters<PostgresRunStore['claim']>[0]) {
    return super.claim({ ...claim, ...(claim.budget && { budget: { ...claim.budget, limitTokens: 1_000_000 } }) });
  }
}

/** Takes every run for one that cost nothing. */
class ForgetfulStore extends PostgresRunStore {
  override async finish(outcome: Parameters<PostgresRunStore['finish']>[0]) {
    const usage = { promptTokens: 0, completionTokens: 0, totalTokens: 0 };
    return super.finish({ ...outcome, end: { ...outcome.end, usage } });
  }
}

describe('PostgresUsageStore', () => {
  onEachDatabase((database) => {
    proveContract(usageStoreContract, () => benchOf(database()));
  });
});

describe('the contract of UsageStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it.each([
    [GenerousStore, '2: never gives away more than the budget, though many ask at once'],
    [ForgetfulStore, '3: refunds nothing for a conversation that is deleted'],
  ])('catches %p', async (Runs, caughtBy) => {
    const suspects = usageStoreContract.filter(({ name }) => name === caughtBy);
    expect(await failingCases(suspects, () => benchOf(database, Runs))).toEqual([caughtBy]);
  });
});
