import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import type { Fork } from '../../conversation/message-tree.port.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { messageTreeContract, type TreeBench } from './message-tree.contract.js';
import { PostgresMessageTree } from './postgres-message-tree.adapter.js';

const benchOf = (database: Database, Tree = PostgresMessageTree): TreeBench => ({
  runs: new PostgresRunStore(database),
  conversations: new PostgresConversationStore(database),
  newUser: () => insertUser(database),
  tree: new Tree(database),
});

/** Copies answers as they are stored at the moment. */
class CarelessTree extends PostgresMessageTree {
  override async fork({ content: _forgotten, ...fork }: Fork) {
    return super.fork(fork);
  }
}

describe('PostgresMessageTree', () => {
  onEachDatabase((database) => proveContract(messageTreeContract, () => benchOf(database())));
});

describe('the contract of MessageTree', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a tree that forgets how far an answer is wanted', async () => {
    expect(await failingCases(messageTreeContract, () => benchOf(database, CarelessTree))).toHaveLength(1);
  });
});
