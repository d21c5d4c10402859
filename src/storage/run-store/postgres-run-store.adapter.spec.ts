import { sql } from 'kysely';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import type { Database } from '../database/database.js';
import { PostgresRunStore } from './postgres-run-store.adapter.js';
import { HOLD_MS, outcomeOf, type RunBench, startRun } from './run-bench.contract.js';
import { runStoreContract } from './run-store.contract.js';

const benchOf = (database: Database, Store = PostgresRunStore): RunBench => ({
  runs: new Store(database),
  conversations: new PostgresConversationStore(database),
  newUser: () => insertUser(database),
});

/** Starts a run for every copy of a message. */
class ForgetfulStore extends PostgresRunStore {
  override async claim(claim: Parameters<PostgresRunStore['claim']>[0]) {
    const { clientMessageId: _forgotten, ...userMessage } = claim.userMessage;
    return super.claim({ ...claim, userMessage });
  }
}

/** Grants a run although its owner lives. */
class ImpatientStore extends PostgresRunStore {
  override async grant(...args: Parameters<PostgresRunStore['grant']>) {
    await this.releaseAllHolds();
    return super.grant(...args);
  }
}

/** Writes for whoever asks, in whatever epoch. */
class UnfencedStore extends PostgresRunStore {
  override async checkpoint(checkpoints: Parameters<PostgresRunStore['checkpoint']>[0]) {
    const runs = await Promise.all(checkpoints.map(({ runId }) => this.find(runId)));
    return super.checkpoint(checkpoints.map((checkpoint, i) => ({ ...checkpoint, epoch: runs[i]!.epoch })));
  }
}

/** Queues whatever comes. */
class BoundlessStore extends PostgresRunStore {
  override async claim(claim: Parameters<PostgresRunStore['claim']>[0]) {
    return super.claim({ ...claim, limits: { queuedInConversation: 1000, runningOfUser: 1000 } });
  }
}

/** Begins whatever waits, in any order, as far as the indexes let it. */
class UnorderedStore extends PostgresRunStore {
  constructor(private readonly db: Database) {
    super(db);
  }

  override async promote(wish: Parameters<PostgresRunStore['promote']>[0]) {
    const begun = await this.db
      .run((db) => db.updateTable('runs').set({ status: 'running' }).where('id', '=', wish.runId).executeTakeFirst())
      .catch(() => undefined);
    return { state: begun ? ('running' as const) : ('queued' as const), position: 1 };
  }
}

describe('PostgresRunStore', () => {
  onEachDatabase((database) => {
    proveContract(runStoreContract, () => benchOf(database()));

    it('loses everything of a user with the user', async () => {
      const bench = benchOf(database());
      const run = await startRun(bench);
      await database().run((db) => db.deleteFrom('users').where('id', '=', run.userId).execute());
      expect(await bench.runs.find(run.id)).toBeUndefined();
      expect(await bench.conversations.find(run.conversationId!)).toBeUndefined();
      expect(await bench.conversations.pathTo(run.messageId!, 10)).toEqual([]);
    });

    it('continues without tools what a node of an earlier version began, which notes no effects', async () => {
      const bench = benchOf(database());
      const run = await startRun(bench);
      await database().run((db) => sql`update runs set has_effects = default where id = ${run.id}`.execute(db));
      await bench.runs.finish(outcomeOf(run, { status: 'interrupted' }));
      const claim = { runId: newRowId(), owner: 'node-b', holdMs: HOLD_MS, interruptedRunId: run.id };
      const next = await bench.runs.claimContinuation({ ...claim, assistantMessageId: newRowId() });
      expect(next?.tools).toEqual([]);
    });
  });
});

describe('the contract of RunStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it.each([
    [ForgetfulStore, '1: starts one run for a message that arrives ten times at once'],
    [BoundlessStore, '2: lets one of ten messages at once run and five wait, be the conversation new or not'],
    [BoundlessStore, '2: keeps no user above the limit, and queues what is beyond it in its own conversation'],
    [UnorderedStore, '4: begins queued runs one after another, in their order, whoever is asked first'],
    [ImpatientStore, '3: grants no run that is held, and each epoch to one of ten'],
    [UnfencedStore, '5: takes no checkpoint and no end from the owner of a former epoch'],
  ])('catches a %p', async (Store, name) => {
    expect(await failingCases(runStoreContract, () => benchOf(database, Store))).toContain(name);
  });
});
