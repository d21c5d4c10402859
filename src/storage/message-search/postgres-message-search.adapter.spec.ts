import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { MessageQuery } from '../../conversation/message-search.port.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { messageSearchContract, type SearchBench } from './message-search.contract.js';
import { PostgresMessageSearch } from './postgres-message-search.adapter.js';

const benchOf = (database: Database, Search = PostgresMessageSearch): SearchBench => ({
  runs: new PostgresRunStore(database),
  conversations: new PostgresConversationStore(database),
  newUser: () => insertUser(database),
  search: new Search(database),
});

/** Leaves the first word out. */
class HastySearch extends PostgresMessageSearch {
  override async search(userId: string, { words, limit }: MessageQuery) {
    return super.search(userId, { words: words.slice(1), limit });
  }
}

describe('PostgresMessageSearch', () => {
  onEachDatabase((database) => proveContract(messageSearchContract, () => benchOf(database())));
});

describe('the contract of MessageSearch', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a search that leaves words out', async () => {
    expect(await failingCases(messageSearchContract, () => benchOf(database, HastySearch))).toHaveLength(3);
  });
});
