import { Injectable } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { isUuid } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import {
  type Checkpoint,
  type ClaimedRun,
  type ContinuationClaim,
  type RunClaim,
  type RunOutcome,
  RunStore,
  type StoredAnswer,
} from '../../run/run-store.port.js';
import { Database } from '../database/database.js';
import type { Tables } from '../database/schema.js';
import { violatedKeyOf } from '../database/store-errors.js';
import { reserveTokens } from '../usage-store/reserve-tokens.sql.js';
import { claimRun } from './claim-run.sql.js';
import { continueRun } from './continue-run.sql.js';
import { grantRun } from './grant-run.sql.js';
import { holdUntil } from './hold-until.js';
import { type RunRow, toRun } from './run-row.js';
import { settleLostClaim } from './settle-lost-claim.sql.js';
import { checkpointAnswers, finishRun } from './write-answers.sql.js';

/** A claim loses to one that is over before the reason is looked up; losing so three times means a busy conversation. */
const CLAIM_ATTEMPTS = 3;
/** The unique indexes that claims of different callers compete for. */
const CONTESTED_KEYS: readonly (string | undefined)[] = ['messages_claim', 'runs_one_running', 'runs_one_continuation'];

/** Runs in SQL: each method one statement, which the database itself makes atomic. */
@Injectable()
export class PostgresRunStore extends RunStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async claim(claim: RunClaim): Promise<ClaimedRun> {
    return this.database.run(async (db) => {
      for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
        const created = await unlessContested(claimWithin(db, claim));
        if (created) return created;
        const first = await settleLostClaim(db, claim);
        if (first) return { created: false, run: toRun(first) };
      }
      throw new TalksyError('RUN_IN_PROGRESS', undefined, { retryAfterMs: 0 });
    });
  }

  override async claimContinuation(claim: ContinuationClaim): Promise<Run | undefined> {
    const row = await this.database.run((db) => unlessContested(continueRun(db, claim)));
    return row && toRun(row);
  }

  override async find(runId: string): Promise<Run | undefined> {
    if (!isUuid(runId)) return undefined;
    return this.findOne((db) => db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst());
  }

  override async findRunning(conversationId: string): Promise<Run | undefined> {
    return this.findOne((db) =>
      db
        .selectFrom('runs')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('status', '=', 'running')
        .executeTakeFirst(),
    );
  }

  override async findAnswer(runId: string): Promise<StoredAnswer | undefined> {
    if (!isUuid(runId)) return undefined;
    const row = await this.database.run((db) =>
      db
        .selectFrom('runs')
        .innerJoin('messages', 'messages.id', 'runs.message_id')
        .select(['messages.content', 'messages.chunk_ends'])
        .where('runs.id', '=', runId)
        .executeTakeFirst(),
    );
    return row && { content: row.content, chunkEnds: row.chunk_ends ?? [] };
  }

  override async requestStop(runId: string): Promise<void> {
    if (!isUuid(runId)) return;
    await this.database.run((db) =>
      db
        .updateTable('runs')
        .set({ stop_requested_at: sql<Date>`now()` })
        .where('id', '=', runId)
        .where('status', '=', 'running')
        .where('stop_requested_at', 'is', null)
        .execute(),
    );
  }

  override async hold(owner: string, runIds: readonly string[], holdMs: number): Promise<number> {
    if (runIds.length === 0) return 0;
    const { numUpdatedRows } = await this.database.run((db) =>
      db
        .updateTable('runs')
        .set({ held_until: holdUntil(holdMs) })
        .where('id', 'in', [...runIds])
        .where('owner', '=', owner)
        .where('status', '=', 'running')
        .executeTakeFirstOrThrow(),
    );
    return Number(numUpdatedRows);
  }

  override async grant(runId: string, epoch: number, owner: string, holdMs: number): Promise<number | undefined> {
    return this.database.run((db) => grantRun(db, { runId, epoch, owner, holdMs }));
  }

  override async releaseAllHolds(): Promise<void> {
    await this.database.run((db) =>
      db.updateTable('runs').set({ held_until: null }).where('status', '=', 'running').execute(),
    );
  }

  override async listAbandoned(limit: number, after?: string): Promise<Run[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('runs')
        .selectAll()
        .where('status', '=', 'running')
        .where(sql<boolean>`(held_until is null or held_until <= now())`)
        .$if(after !== undefined, (query) => query.where('id', '>', after!))
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map(toRun);
  }

  override async checkpoint(checkpoints: readonly Checkpoint[]): Promise<void> {
    if (checkpoints.length > 0) await this.database.run((db) => checkpointAnswers(db, checkpoints));
  }

  override async finish(outcome: RunOutcome): Promise<boolean> {
    return this.database.run((db) => finishRun(db, outcome));
  }

  private async findOne(select: (db: Kysely<Tables>) => Promise<RunRow | undefined>): Promise<Run | undefined> {
    const row = await this.database.run(select);
    return row && toRun(row);
  }
}

/** The claim and, where there is a budget, its reservation: both or neither. */
async function claimWithin(db: Kysely<Tables>, claim: RunClaim): Promise<ClaimedRun | undefined> {
  if (!claim.budget) {
    const row = await claimRun(db, claim);
    return row && { created: true, run: toRun(row) };
  }
  return db.transaction().execute(async (trx) => {
    const row = await claimRun(trx, claim);
    if (!row) return undefined;
    const answerTokens = await reserveTokens(trx, claim);
    return { created: true, run: toRun(row), ...(answerTokens !== undefined && { answerTokens }) };
  });
}

/** What `statement` resolves, or undefined where another claim has won. */
const unlessContested = <T>(statement: Promise<T>): Promise<T | undefined> =>
  statement.catch((error: unknown) => {
    if (CONTESTED_KEYS.includes(violatedKeyOf(error) ?? '')) return undefined;
    throw error;
  });
