import { sql } from 'kysely';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import type { RunBench } from '../run-store/run-bench.contract.js';
import { conversationStoreContract } from './conversation-store.contract.js';
import { PostgresConversationStore } from './postgres-conversation-store.adapter.js';

const benchOf = (database: Database, Store = PostgresConversationStore): RunBench => ({
  runs: new PostgresRunStore(database),
  conversations: new Store(database),
  newUser: () => insertUser(database),
});

const LONG = 10_000;

/**
 * A conversation of 10,000 messages whose root hangs under its leaf: who reads more of the path than was asked for
 * never comes to an end. Returns its id.
 */
async function insertEndlessConversation(database: Database): Promise<string> {
  const [id, userId] = [newRowId(), await insertUser(database)];
  const messageId = (n: string) => sql.raw(`md5((${n})::text || '${id}')::uuid`);
  await database.run((db) =>
    sql`
      with conversation as (
        insert into conversations (id, user_id, active_leaf_id, active_depth)
        values (${id}, ${userId}::uuid, ${messageId(String(LONG))}, ${LONG}::integer)
      )
      insert into messages (id, conversation_id, parent_id, depth, role, content, status, user_id)
      select ${messageId('n')}, ${id}, ${messageId(`(n + ${LONG - 2}) % ${LONG} + 1`)}, n, 'user', 'message ' || n,
             'complete', ${userId}::uuid
      from generate_series(1, ${LONG}::integer) as n
    `.execute(db),
  );
  return id;
}

/** Takes the oldest messages for the newest. */
class BackwardStore extends PostgresConversationStore {
  override async history(...[id, query]: Parameters<PostgresConversationStore['history']>) {
    return (await super.history(id, { ...query, limit: 1000 })).slice(0, query.limit);
  }
}

describe('PostgresConversationStore', () => {
  onEachDatabase((database) => {
    proveContract(conversationStoreContract, () => benchOf(database()));

    it('reads the end of a long conversation without reading the rest', async () => {
      const id = await insertEndlessConversation(database());
      const path = await new PostgresConversationStore(database()).history(id, { limit: 100 });
      expect(path.map(({ depth }) => depth)).toEqual(Array.from({ length: 100 }, (_, i) => LONG - 99 + i));
    });
  });
});

describe('the contract of ConversationStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that counts from the wrong end', async () => {
    expect(await failingCases(conversationStoreContract, () => benchOf(database, BackwardStore))).toEqual([
      'lets the newest messages win where a limit is set',
      'pages upwards from a message',
    ]);
  });
});
