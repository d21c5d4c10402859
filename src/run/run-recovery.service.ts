import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { newRowId } from '../common/ids.js';
import { RunConfig, StoreConfig } from '../config/config.js';
import { AbandonedRuns, type TakenRun } from './own/abandoned-runs.service.js';
import { QueuedRuns } from './own/queued-runs.service.js';
import { CANCELLED, INTERRUPTED } from './own/run-ending.js';
import { RunOwnership } from './own/run-ownership.service.js';
import type { Run } from './run.js';
import { RunEngine } from './run-engine.service.js';
import type { Turn } from './turn.js';

const SWEEP_BATCH = 50;
/** An answer that was interrupted so often is left as it is: perhaps it is what kills the server. */
const MAX_RECOVERIES = 3;
/** The same for a run that is taken over in place. */
const MAX_TERMS = 8;

/** What recovery depends on. */
@Injectable()
export class RunRecoveryConfig {
  /** Whether this process alone can have the database open, so that every other owner is dead. */
  readonly soleOwner: boolean;
  readonly goOn: boolean;

  constructor(store: StoreConfig, run: RunConfig) {
    this.soleOwner = store.databaseUrl === undefined;
    this.goOn = run.recovery === 'continue';
  }
}

/** Finds runs whose node died, at start and from then on: marks them interrupted and has the answer continued. */
@Injectable()
export class RunRecovery implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RunRecovery.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly abandoned: AbandonedRuns,
    private readonly engine: RunEngine,
    private readonly queue: QueuedRuns,
    private readonly ownership: RunOwnership,
    private readonly config: RunRecoveryConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.soleOwner) await this.abandoned.store.releaseAllHolds();
    await this.sweep();
    this.timer = setInterval(() => void this.sweep(), this.ownership.sweepMs);
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  /** Looks no more: a node that is about to end takes nothing over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
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
    let after: string | undefined;
    do {
      const runs = await this.abandoned.store.listAbandoned(SWEEP_BATCH, after);
      for (const run of runs) await this.tryToRecover(run);
      after = runs.length === SWEEP_BATCH ? runs.at(-1)?.id : undefined;
    } while (after);
  }

  /** What is wrong with one run must not keep the others from being found. */
  private async tryToRecover(run: Run): Promise<void> {
    try {
      if (!(await this.ownership.isHeld(run.id))) await this.recover(run);
    } catch (error) {
      this.logger.warn({ runId: run.id, err: error }, 'an abandoned run could not be taken over; it is tried again');
    }
  }

  private async recover(run: Run): Promise<void> {
    const taken = await this.abandoned.take(run);
    if (!taken) return;
    if (taken.transcript.end || taken.stopRequested) return void (await this.abandoned.end(taken, CANCELLED));
    if (run.status === 'queued') return this.queue.adopt(taken, turnOf(run, '', taken));
    if (taken.logged && run.epoch < MAX_TERMS) return this.goOn(taken);
    if ((await this.abandoned.end(taken, INTERRUPTED)) === undefined) return;
    const next = this.config.goOn && run.recoveries < MAX_RECOVERIES ? await this.continue(run) : undefined;
    this.logger.warn({ runId: run.id, continuedBy: next?.id }, 'an interrupted run was found');
  }

  /** The log is there: the same run goes on. */
  private async goOn(taken: TakenRun): Promise<void> {
    const { run, transcript } = taken;
    if (!run.userMessageId && !run.prompt) return void (await this.abandoned.end(taken, INTERRUPTED));
    await this.engine.resume(taken, { ...turnOf(run, transcript.content, taken), rounds: transcript.rounds });
  }

  /** The log died with its node, or the node before the log's first word: a new run goes on behind what was saved. */
  private async continue(interrupted: Run): Promise<Run | undefined> {
    const { owner, holdMs } = this.ownership;
    const claim = {
      runId: newRowId(),
      assistantMessageId: newRowId(),
      interruptedRunId: interrupted.id,
      owner,
      holdMs,
    };
    const run = await this.abandoned.store.claimContinuation(claim);
    if (!run?.userMessageId) return undefined;
    const answer = await this.abandoned.store.findAnswer(interrupted.id);
    await this.engine.launch(run, turnOf(run, answer?.content ?? ''));
    return run;
  }
}

function turnOf(
  { id, userId, userMessageId = '', requestedModel, prompt, ...run }: Run,
  prior: string,
  taken?: TakenRun,
): Turn {
  // Nodes of an earlier version said in the log only which tools are allowed.
  const { tools = run.tools, trace } = taken?.transcript.started?.data ?? {};
  return {
    runId: id,
    userId,
    userMessageId,
    prior,
    ...(prompt && { prompt }),
    ...(requestedModel && { requestedModel }),
    ...(tools && { tools }),
    ...(trace && { trace }),
  };
}
