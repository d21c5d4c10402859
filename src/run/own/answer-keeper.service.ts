import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { summarizeError, TalksyError } from '../../common/errors/talksy-error.js';
import { RunMetrics } from '../run-metrics.service.js';
import { RunLog } from '../run-log.port.js';
import { type Checkpoint, type RunOutcome, RunStore } from '../run-store.port.js';
import type { RunRecorder } from '../record/run-recorder.js';

const CHECKPOINT_MS = 250;
/** A database that is slow has twice the time that a checkpoint took for others: a third of it goes into checkpoints at most. */
const REST = 2;
const RETRY_MS = 1000;
/** Outcomes that wait for the database to come back; beyond it the oldest is given up, loudly. */
const MAX_WAITING = 1000;

/**
 * Keeps answers in SQL: running text every 250 ms, more seldom where the database is slow (and only where the log dies with
 * the process), the outcome at the end. An outcome that the database cannot take now is written when it is back.
 */
@Injectable()
export class AnswerKeeper implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AnswerKeeper.name);
  /** How many chunks of each the store is known to hold. */
  private readonly running = new Map<RunRecorder, number>();
  private readonly waiting = new Map<string, RunOutcome>();
  private checkpoints: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: RunStore,
    private readonly log: RunLog,
    private readonly metrics: RunMetrics,
  ) {}

  /** Checkpoints the run's text until `release`. */
  watch(recorder: RunRecorder): void {
    if (this.log.shared) return;
    this.running.set(recorder, 0);
    this.checkpoints ??= setTimeout(() => void this.checkpointAll(), CHECKPOINT_MS);
  }

  release(recorder: RunRecorder): void {
    this.running.delete(recorder);
  }

  /** Writes the text as it is now, whatever the pace. */
  async checkpoint(recorder: RunRecorder): Promise<void> {
    await this.store.checkpoint([checkpointOf(recorder, 0)]);
  }

  /** False where the run is no longer this owner's; true also where the database will get the outcome later. */
  async finish(outcome: RunOutcome): Promise<boolean> {
    try {
      const ended = await this.store.finish(outcome);
      if (ended) this.metrics.ended(outcome);
      return ended;
    } catch (error) {
      const waits = isAway(error);
      this.logger.error({ runId: outcome.runId, err: error, waits }, 'the end of a run could not be stored');
      if (!waits) return this.finishAsFailed(outcome);
      this.postpone(outcome);
      return true;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.running.clear();
    clearTimeout(this.checkpoints);
    clearTimeout(this.retry);
    if (this.waiting.size > 0) await this.writeWaiting();
    clearTimeout(this.retry);
  }

  private async checkpointAll(): Promise<void> {
    const grown = [...this.running].filter(([recorder, kept]) => recorder.transcript.chunkEnds.length > kept);
    const since = performance.now();
    if (grown.length > 0) await this.checkpointGrown(grown);
    const restMs = Math.max(CHECKPOINT_MS, REST * (performance.now() - since));
    this.checkpoints = this.running.size > 0 ? setTimeout(() => void this.checkpointAll(), restMs) : undefined;
  }

  /** Sends what is new of each; all of it where the store may not hold what it should. */
  private async checkpointGrown(grown: readonly (readonly [RunRecorder, number])[]): Promise<void> {
    const checkpoints = grown.map(([recorder, kept]) => checkpointOf(recorder, kept));
    const stored = await this.store.checkpoint(checkpoints).catch((error: unknown) => {
      this.logger.warn(`running answers could not be saved: ${String(error)}`);
      return new Set<string>();
    });
    checkpoints.forEach(({ runId, behind, chunkEnds }, at) => {
      const [recorder] = grown[at]!;
      if (this.running.has(recorder)) this.running.set(recorder, stored.has(runId) ? behind + chunkEnds.length : 0);
    });
  }

  /** For an outcome that the database refuses: without an end the conversation would stay busy for ever. */
  private async finishAsFailed(outcome: RunOutcome): Promise<boolean> {
    const usage = { promptTokens: 0, completionTokens: 0, totalTokens: 0, estimated: true };
    const error = summarizeError(undefined);
    const end = { ...outcome.end, finishReason: 'error' as const, usage, error };
    return this.store.finish({ ...outcome, status: 'failed', end }).catch(() => true);
  }

  private postpone(outcome: RunOutcome): void {
    this.waiting.set(outcome.runId, outcome);
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > MAX_WAITING && oldest) {
      this.waiting.delete(oldest);
      this.logger.error(`the end of run ${oldest} is given up: too many wait for the database`);
    }
    this.retry ??= setTimeout(() => void this.writeWaiting(), RETRY_MS);
  }

  private async writeWaiting(): Promise<void> {
    this.retry = undefined;
    for (const [runId, outcome] of this.waiting) {
      try {
        if (await this.store.finish(outcome)) this.metrics.ended(outcome);
        this.waiting.delete(runId);
      } catch (error) {
        if (!isAway(error)) {
          this.waiting.delete(runId);
          await this.finishAsFailed(outcome);
          continue;
        }
        this.retry = setTimeout(() => void this.writeWaiting(), RETRY_MS);
        return;
      }
    }
  }
}

/** What of the text comes behind that many chunks. */
function checkpointOf({ runId, epoch, transcript }: RunRecorder, behind: number): Checkpoint {
  const { content, chunkEnds } = transcript;
  const from = chunkEnds[behind - 1]?.[1] ?? 0;
  return { runId, epoch, behind, content: content.slice(from), chunkEnds: chunkEnds.slice(behind) };
}

const isAway = (error: unknown): boolean => error instanceof TalksyError && error.code === 'STORE_UNAVAILABLE';
