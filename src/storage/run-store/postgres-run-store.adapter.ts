import { Injectable } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { isUuid } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import {
  type Checkpoint,
  type ClaimResult,
  type ContinuationClaim,
  type Promotion,
  type PromotionWish,
  type RunClaim,
  type RunOutcome,
  RunStore,
  type StatelessClaim,
  type StoredAnswer,
} from '../../run/run-store.port.js';
import { toSettings } from '../conversation-store/conversation-row.js';
import { Database } from '../database/database.js';
import type { Tables } from '../database/schema.js';
import { violatedKeyOf } from '../database/store-errors.js';
import { reserveTokens } from '../usage-store/reserve-tokens.sql.js';
import { claimRun } from './claim-run.sql.js';
import { claimStateless } from './claim-stateless.sql.js';
import { continueRun } from './continue-run.sql.js';
import { grantRun } from './grant-run.sql.js';
import { holdUntil } from './hold-until.js';
import { promoteRun } from './promote-run.sql.js';
import { type QueuedRow, queueRun } from './queue-run.sql.js';
import { claimedRun, type RunRow, toRun } from './run-row.js';
import { settleLostClaim } from './settle-lost-claim.sql.js';
import { checkpointAnswers, finishRun } from './write-answers.sql.js';

/** A claim that loses is tried again; one that loses so often, to others that are over each time, is refused. */
const CLAIM_ATTEMPTS = 10;
/** The unique indexes that claims of different callers compete for. */
const CONTESTED_KEYS: readonly (string | undefined)[] = [
  'messages_claim',
  'runs_one_running',
  'runs_user_slot',
  'runs_one_continuation',
];
/** Runs that have not ended; in these words, so that the partial index serves. */
const OPEN = sql<boolean>`status in ('queued', 'running')`;

/** Runs in SQL: each method one statement, which the database itself makes atomic. */
@Injectable()
export class PostgresRunStore extends RunStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async claim(claim: RunClaim): Promise<ClaimResult> {
    return this.database.run(async (db) => {
      const running = await unlessContested(claimAtOnce(db, claim));
      if (running) return running;
      for (let attempt = 1; attempt < CLAIM_ATTEMPTS; attempt++) {
        const first = await settleLostClaim(db, claim);
        if (first) return { created: false, run: toRun(first) };
        const claimed = await unlessContested(claimPlace(db, claim));
        if (claimed) return claimed;
      }
      throw new TalksyError('RUN_IN_PROGRESS', undefined, { retryAfterMs: 0 });
    });
  }

  override async claimStateless(claim: StatelessClaim): Promise<ClaimResult> {
    const claimIn = async (db: Kysely<Tables>) => ({ created: true, run: toRun(await claimStateless(db, claim)) });
    return this.database.run((db) =>
      claim.budget ? db.transaction().execute((trx) => reserving(trx, claim, claimIn(trx))) : claimIn(db),
    );
  }

  override async promote(wish: PromotionWish): Promise<Promotion> {
    const promotion = await this.database.run((db) => unlessContested(promoteRun(db, wish)));
    return promotion ?? { state: 'queued', position: 1 };
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

  override async findOldestQueued(conversationId: string): Promise<Run | undefined> {
    return this.findOne((db) =>
      db
        .selectFrom('runs')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('status', '=', 'queued')
        .where('stop_requested_at', 'is', null)
        .orderBy('queue_place')
        .limit(1)
        .executeTakeFirst(),
    );
  }

  override async findAnswer(runId: string): Promise<StoredAnswer | undefined> {
    if (!isUuid(runId)) return undefined;
    const row = await this.database.run((db) =>
      db
        .selectFrom('runs')
        .innerJoin('messages', 'messages.id', 'runs.message_id')
        .select(['messages.content', 'messages.chunk_ends', 'messages.calls'])
        .where('runs.id', '=', runId)
        .executeTakeFirst(),
    );
    return row && { content: row.content, chunkEnds: row.chunk_ends ?? [], ...(row.calls && { calls: row.calls }) };
  }

  override async requestStop(runId: string): Promise<void> {
    if (!isUuid(runId)) return;
    await this.database.run((db) =>
      db
        .updateTable('runs')
        .set({ stop_requested_at: sql<Date>`now()` })
        .where('id', '=', runId)
        .where(OPEN)
        .where('stop_requested_at', 'is', null)
        .execute(),
    );
  }

  override async noteEffects(runId: string): Promise<void> {
    await this.database.run((db) =>
      db
        .updateTable('runs')
        .set({ has_effects: true })
        .where('id', '=', runId)
        .where('has_effects', '=', false)
        .execute(),
    );
  }

  override async hold(owner: string, runIds: readonly string[], holdMs: number): Promise<number> {
    if (runIds.length === 0) return 0;
    const { numUpdatedRows } = await this.database.run((db) =>
      db
        .updateTable('runs')
        .set({ held_until: holdUntil(holdMs) })
        .where('id', 'in', (own) =>
          own
            .selectFrom('runs')
            .select('id')
            .where('id', 'in', [...runIds])
            .where('owner', '=', owner)
            .where(OPEN)
            .orderBy('id')
            .forNoKeyUpdate(),
        )
        .executeTakeFirstOrThrow(),
    );
    return Number(numUpdatedRows);
  }

  override async grant(runId: string, epoch: number, owner: string, holdMs: number): Promise<number | undefined> {
    return this.database.run((db) => grantRun(db, { runId, epoch, owner, holdMs }));
  }

  override async releaseAllHolds(): Promise<void> {
    await this.database.run((db) => db.updateTable('runs').set({ held_until: null }).where(OPEN).execute());
  }

  override async listAbandoned(limit: number, after?: string): Promise<Run[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('runs')
        .selectAll()
        .where(OPEN)
        .where(sql<boolean>`(held_until is null or held_until <= now())`)
        .$if(after !== undefined, (query) => query.where('id', '>', after!))
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map(toRun);
  }

  override async checkpoint(checkpoints: readonly Checkpoint[]): Promise<ReadonlySet<string>> {
    if (checkpoints.length === 0) return new Set();
    return this.database.run((db) => checkpointAnswers(db, checkpoints));
  }

  override async finish(outcome: RunOutcome): Promise<boolean> {
    return this.database.run((db) => finishRun(db, outcome));
  }

  private async findOne(select: (db: Kysely<Tables>) => Promise<RunRow | undefined>): Promise<Run | undefined> {
    const row = await this.database.run(select);
    return row && toRun(row);
  }
}

/** A claim that begins now; one statement where no budget is to be reserved of. */
const claimAtOnce = async (db: Kysely<Tables>, claim: RunClaim): Promise<ClaimResult | undefined> =>
  claim.budget ? db.transaction().execute((trx) => reserving(trx, claim, claimNow(trx, claim))) : claimNow(db, claim);

/** A claim that may have to wait. */
const claimPlace = async (db: Kysely<Tables>, claim: RunClaim): Promise<ClaimResult | undefined> =>
  db.transaction().execute(async (trx) => {
    const row = await queueRun(trx, claim);
    return reserving(trx, claim, row && toResult(row));
  });

async function claimNow(db: Kysely<Tables>, claim: RunClaim): Promise<ClaimResult | undefined> {
  const row = await claimRun(db, claim);
  if (!row) return undefined;
  const settings = row.conversation ? toSettings(row.conversation) : {};
  return { created: true, run: claimedRun(claim, row), seen: { settings, isFirst: row.depth_above === 0 } };
}

/** The claim and, where there is a budget, its reservation: both or neither. */
async function reserving<T extends ClaimResult | undefined>(
  trx: Kysely<Tables>,
  claim: RunClaim | StatelessClaim,
  claiming: Promise<T> | T,
): Promise<T> {
  const claimed = await claiming;
  const answerTokens = claimed && claim.budget && (await reserveTokens(trx, claim));
  return answerTokens === undefined ? claimed : { ...claimed, answerTokens };
}

function toResult({ position, interrupted, ...row }: QueuedRow): ClaimResult {
  return {
    created: true,
    run: toRun(row),
    ...(position !== null && { position }),
    ...(interrupted.length > 0 && { interrupted }),
  };
}

/** What `statement` resolves, or undefined where another claim has won. */
const unlessContested = <T>(statement: Promise<T>): Promise<T | undefined> =>
  statement.catch((error: unknown) => {
    if (CONTESTED_KEYS.includes(violatedKeyOf(error) ?? '')) return undefined;
    throw error;
  });
