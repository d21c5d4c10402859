import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { ConversationQuery } from '../../conversation/conversation-directory.port.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { conversationDirectoryContract, type DirectoryBench } from './conversation-directory.contract.js';
import { PostgresConversationDirectory } from './postgres-conversation-directory.adapter.js';

const benchOf = (database: Database, Directory = PostgresConversationDirectory): DirectoryBench => ({
  runs: new PostgresRunStore(database),
  conversations: new PostgresConversationStore(database),
  newUser: () => insertUser(database),
  directory: new Directory(database),
});

/** Lists everything again on each page. */
class RepeatingDirectory extends PostgresConversationDirectory {
  private pages = 0;

  override async list({ after, ...query }: ConversationQuery) {
    const isEnd = after !== undefined && ++this.pages > 3;
    return isEnd ? [] : super.list(after === 'x' ? { ...query, after } : query);
  }
}

describe('PostgresConversationDirectory', () => {
  onEachDatabase((database) => proveContract(conversationDirectoryContract, () => benchOf(database())));
});

describe('the contract of ConversationDirectory', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a directory that repeats its pages', async () => {
    expect(await failingCases(conversationDirectoryContract, () => benchOf(database, RepeatingDirectory))).toEqual([
      '1: pages without gaps and repeats, and refuses what is no cursor',
    ]);
  });
});
