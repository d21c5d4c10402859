import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import {
  type Approval,
  type ApprovalRequest,
  type ApprovalStatus,
  ApprovalStore,
  type Verdict,
} from '../../tools/approval-store.port.js';
import { Database } from '../database/database.js';

interface ApprovalRow {
  run_id: string;
  call_id: string;
  tool_name: string;
  status: ApprovalStatus;
  reason: string | null;
  expires_at: Date;
  spent: boolean;
}

const COLUMNS = sql`run_id, call_id, tool_name, reason, expires_at, spent_at is not null as spent,
  case when status = 'pending' and expires_at <= now() then 'expired' else status end as status`;

/** Approvals in SQL: each decision and each execution is one conditional update, so the database says who was first. */
@Injectable()
export class PostgresApprovalStore extends ApprovalStore {
  constructor(private readonly database: Database) {
    super();
  }

  /** Removes what expired a day ago as it goes: nobody asks for it any more. */
  override async request(request: ApprovalRequest): Promise<Approval> {
    const { runId, callId, userId, toolName, digest, ttlMs } = request;
    await this.database.run((db) =>
      sql`
        with old as (delete from tool_approvals where expires_at < now() - interval '1 day')
        insert into tool_approvals (run_id, call_id, user_id, tool_name, digest, expires_at)
        values (${runId}::uuid, ${callId}, ${userId}::uuid, ${toolName}, ${digest},
                now() + ${ttlMs}::float8 * interval '1 millisecond')
        on conflict (run_id, call_id) do nothing
      `.execute(db),
    );
    const approval = await this.find(runId, callId);
    if (!approval) throw new Error(`the approval of ${runId} ${callId} vanished`);
    return approval;
  }

  override async find(runId: string, callId: string): Promise<Approval | undefined> {
    if (!isUuid(runId)) return undefined;
    const { rows } = await this.database.run((db) =>
      sql<ApprovalRow>`
        select ${COLUMNS} from tool_approvals where run_id = ${runId}::uuid and call_id = ${callId}
      `.execute(db),
    );
    return rows[0] && toApproval(rows[0]);
  }

  override async decide(
    runId: string,
    callId: string,
    { userId, verdict, reason }: { userId: string; verdict: Verdict; reason?: string },
  ): Promise<Approval | undefined> {
    if (!isUuid(runId)) return undefined;
    const { rows } = await this.database.run(async (db) => {
      await sql`
        update tool_approvals set status = ${verdict}, reason = ${reason ?? null}, decided_at = now()
        where run_id = ${runId}::uuid and call_id = ${callId} and user_id = ${userId}::uuid
          and status = 'pending' and expires_at > now()
      `.execute(db);
      return sql<ApprovalRow>`
        select ${COLUMNS} from tool_approvals
        where run_id = ${runId}::uuid and call_id = ${callId} and user_id = ${userId}::uuid
      `.execute(db);
    });
    return rows[0] && toApproval(rows[0]);
  }

  override async spend(runId: string, callId: string, digest: string): Promise<boolean> {
    const { rows } = await this.database.run((db) =>
      sql`
        update tool_approvals set spent_at = now()
        where run_id = ${runId}::uuid and call_id = ${callId} and digest = ${digest}
          and status = 'approved' and spent_at is null
        returning run_id
      `.execute(db),
    );
    return rows.length === 1;
  }
}

const toApproval = (row: ApprovalRow): Approval => ({
  runId: row.run_id,
  callId: row.call_id,
  toolName: row.tool_name,
  status: row.status,
  ...(row.reason !== null && { reason: row.reason }),
  expiresAt: row.expires_at,
  spent: row.spent,
});
