import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { newRowId } from '../common/ids.js';
import { RunConfig, StoreConfig } from '../config/config.js';
import { AbandonedRuns } from './own/abandoned-runs.service.js';
import { CANCELLED, INTERRUPTED } from './own/run-ending.js';
import { RunOwnership } from './own/run-ownership.service.js';
import type { Run } from './run.js';
import { RunEngine } from './run-engine.service.js';
import { RunStore } from './run-store.port.js';

const SWEEP_BATCH = 50;
/** An answer that was interrupted so often is left as it is: perhaps it is what kills the server. */
const MAX_RECOVERIES = 3;

/** What recovery depends on. */
@Injectable()
export class RunRecoveryConfig {
  /** Whether this process alone can have the database open, so that every other owner is dead. */
  readonly soleOwner: boolean;
  readonly goOn: boolean;
  readonly sweepMs: number;

  constructor(store: StoreConfig, run: RunConfig) {
    this.soleOwner = store.databaseUrl === undefined;
    this.goOn = run.recovery === 'continue';
    this.sweepMs = run.leaseTtlMs;
  }
}

/** Finds runs whose node died, at start and from then on: marks them interrupted and has the answer continued. */
@Injectable()
export class RunRecovery implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RunRecovery.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly store: RunStore,
    private readonly abandoned: AbandonedRuns,
    private readonly engine: RunEngine,
    private readonly ownership: RunOwnership,
    private readonly config: RunRecoveryConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.soleOwner) await this.store.releaseAllHolds();
    await this.sweep();
    if (!this.config.soleOwner) this.timer = setInterval(() => void this.sweep(), this.config.sweepMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** One look for abandoned runs; looks that overlap are one. */
  async sweep(): Promise<void> {
    this.sweeping ??= this.sweepOnce()
      .catch((error: unknown) => this.logger.warn(`abandoned runs could not be looked for: ${String(error)}`))
      .finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  private async sweepOnce(): Promise<void> {
    for (let runs = await this.store.listAbandoned(SWEEP_BATCH); runs.length > 0;) {
      for (const run of runs) await this.recover(run);
      runs = runs.length === SWEEP_BATCH ? await this.store.listAbandoned(SWEEP_BATCH) : [];
    }
  }

  private async recover(run: Run): Promise<void> {
    const finalSeq = await this.abandoned.end(run, run.stopRequested ? CANCELLED : INTERRUPTED);
    if (finalSeq === undefined) return;
    const goOn = !run.stopRequested && this.config.goOn && run.recoveries < MAX_RECOVERIES;
    const next = goOn ? await this.continue(run) : undefined;
    this.logger.warn({ runId: run.id, continuedBy: next?.id }, 'an interrupted run was found');
  }

  private async continue(interrupted: Run): Promise<Run | undefined> {
    const { owner, holdMs } = this.ownership;
    const claim = {
      runId: newRowId(),
      assistantMessageId: newRowId(),
      interruptedRunId: interrupted.id,
      owner,
      holdMs,
    };
    const run = await this.store.claimContinuation(claim);
    if (!run?.userMessageId) return undefined;
    const answer = await this.store.findAnswer(interrupted.id);
    const { requestedModel } = run;
    const turn = { runId: run.id, userMessageId: run.userMessageId, prior: answer?.content ?? '' };
    await this.engine.launch(run, { ...turn, ...(requestedModel && { requestedModel }) });
    return run;
  }
}
