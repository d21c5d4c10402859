import { sql } from 'kysely';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { insertUser, onEachDatabase, openMemoryDatabase } from '../../../test/support/test-database.js';
import { newRowId } from '../../common/ids.js';
import type { Database } from '../database/database.js';
import { type ApprovalBench, approvalStoreContract } from './approval-store.contract.js';
import { PostgresApprovalStore } from './postgres-approval-store.adapter.js';

const benchOf = (database: Database, Store = PostgresApprovalStore): ApprovalBench => ({
  store: new Store(database),
  newUser: () => insertUser(database),
});

/** Looks before it writes, and takes any digest: two that look at once both go on. */
class CarelessStore extends PostgresApprovalStore {
  override async spend(runId: string, callId: string): Promise<boolean> {
    const approval = await this.find(runId, callId);
    return approval?.status === 'approved' && !approval.spent;
  }
}

describe('PostgresApprovalStore', () => {
  onEachDatabase((database) => {
    proveContract(approvalStoreContract, () => benchOf(database()));

    it('forgets what expired long ago', async () => {
      const { store, newUser } = benchOf(database());
      const ask = async () => {
        const userId = await newUser();
        return store.request({ runId: newRowId(), callId: 'c', userId, toolName: 't', digest: 'd', ttlMs: 1000 });
      };
      const { runId } = await ask();
      await database().run((db) =>
        sql`update tool_approvals set expires_at = now() - interval '25 hours' where run_id = ${runId}::uuid`.execute(
          db,
        ),
      );
      await ask();
      expect(await store.find(runId, 'c')).toBeUndefined();
    });
  });
});

describe('the contract of ApprovalStore', () => {
  let database: Database;
  beforeAll(async () => void (database = await openMemoryDatabase()));
  afterAll(() => database.close());

  it('catches a store that lets a call run twice, or another one', async () => {
    expect(await failingCases(approvalStoreContract, () => benchOf(database, CarelessStore))).toEqual([
      '3: is good for one execution among ten that are tried at once',
      '3: is good for the call that was approved and no other, and not before',
    ]);
  });
});
