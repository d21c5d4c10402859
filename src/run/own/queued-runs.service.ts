import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { RunConfig } from '../../config/config.js';
import { RecorderFactory } from '../record/recorder-factory.service.js';
import type { Run } from '../run.js';
import { RunEngine } from '../run-engine.service.js';
import { type ClaimResult, RunStore } from '../run-store.port.js';
import type { Transcript } from '../transcript.js';
import type { Turn } from '../turn.js';
import type { TakenRun } from './abandoned-runs.service.js';
import { LiveRun } from './live-run.js';
import { queuedEvent } from './run-beginning.js';
import { RunOwnership } from './run-ownership.service.js';

/**
 * Holds the runs that wait on this node: each has its log and lease, can be stopped, and goes to the engine when SQL
 * lets it begin. That is tried when a run ends here, and from time to time, since one may have ended elsewhere.
 */
@Injectable()
export class QueuedRuns implements OnModuleDestroy {
  private readonly logger = new Logger(QueuedRuns.name);
  /** In the order in which they came. */
  private readonly waiting = new Map<string, LiveRun>();
  /** The last attempt to begin each; they follow one another. */
  private readonly attempts = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private draining = false;

  constructor(
    private readonly store: RunStore,
    private readonly recorders: RecorderFactory,
    private readonly ownership: RunOwnership,
    private readonly engine: RunEngine,
    private readonly config: RunConfig,
  ) {
    engine.onRunEnd((ended) =>
      this.tryNext(({ run }) => run.userId === ended.userId || run.conversationId === ended.conversationId),
    );
  }

  /** Plays a claimed run, or keeps it until it may begin. Resolves when it is on its log. */
  async launch({ run, position, interrupted = [] }: ClaimResult, turn: Turn): Promise<void> {
    if (run.status === 'queued') await this.keep(run, turn, position === undefined ? {} : { position });
    else await this.engine.launch(run, turn);
    await Promise.all(interrupted.map((runId) => this.wakeToStop(runId)));
  }

  /** Keeps a queued run whose owner died. Where its log is gone it begins anew: no text was shown yet. */
  async adopt({ run, transcript, logged }: TakenRun, turn: Turn): Promise<void> {
    await this.keep(run, turn, logged ? { transcript } : {});
  }

  /** Stops what waits here for the user, as if the user had asked for it. */
  stopAllOf(userId: string): void {
    for (const live of this.waiting.values()) if (live.run.userId === userId) live.interrupt('stop');
  }

  /** Gives up what waits, so that another node takes it at once, and keeps nothing more. */
  async handOver(): Promise<void> {
    this.draining = true;
    const all = [...this.waiting.values()];
    for (const live of all) live.interrupt('handover');
    await Promise.all(all.map((live) => live.done));
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async keep(run: Run, turn: Turn, known: { position?: number; transcript?: Transcript }): Promise<void> {
    const kept: { live?: LiveRun } = {};
    const lost = (): void => kept.live?.interrupt('lost');
    if (!(await this.ownership.take(run.id, run.epoch, lost))) return;
    const { id, epoch } = run;
    const recorder = known.transcript
      ? this.recorders.resume(id, epoch, known.transcript, lost)
      : await this.ownership.orRelease(id, () => this.recorders.begin(id, epoch, lost));
    const live = (kept.live = new LiveRun(run, turn, recorder));
    if (known.position !== undefined) recorder.record(queuedEvent(run, live.turn, known.position));
    this.add(live);
    await recorder.settle().catch(lost);
    if (this.draining) await live.done;
  }

  private add(live: LiveRun): void {
    this.waiting.set(live.run.id, live);
    this.timer ??= setInterval(() => this.tryNext(({ run }) => !this.attempts.has(run.id)), this.config.leaseTtlMs / 4);
    const { signal } = live.abort;
    live.done = new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(this.leave(live)), { once: true });
    });
    if (this.draining) return live.interrupt('handover');
    void this.watchStop(live);
    this.attempt(live);
  }

  /** Tries the first that waits in each conversation, of those that `matches`. */
  private tryNext(matches: (live: LiveRun) => boolean): void {
    const conversations = new Set<string | undefined>();
    for (const live of this.waiting.values()) {
      const { conversationId } = live.run;
      if (conversations.has(conversationId)) continue;
      conversations.add(conversationId);
      if (matches(live)) this.attempt(live);
    }
  }

  private attempt(live: LiveRun): void {
    const { id } = live.run;
    const attempt = (this.attempts.get(id) ?? Promise.resolve())
      .then(() => this.tryToBegin(live))
      .catch((error: unknown) => this.logger.warn({ runId: id, err: error }, 'whether a run may begin is not known'))
      .finally(() => this.attempts.get(id) === attempt && this.attempts.delete(id));
    this.attempts.set(id, attempt);
  }

  private async tryToBegin(live: LiveRun): Promise<void> {
    const { run, recorder, abort } = live;
    if (abort.signal.aborted || !this.waiting.has(run.id)) return;
    const { owner, holdMs } = this.ownership;
    const runningOfUser = this.config.maxConcurrentPerUser;
    const { state, position } = await this.store.promote({ runId: run.id, owner, holdMs, runningOfUser });
    if (state === 'stopped') live.interrupt('stop');
    if (state === 'lost') live.interrupt('lost');
    if (abort.signal.aborted) return;
    if (state === 'running') {
      this.remove(live);
      this.engine.begin(live);
    } else if (recorder.upcomingSeq === 0) recorder.record(queuedEvent(run, live.turn, position));
  }

  /** The end of a run that never began, for whatever reason it was interrupted. */
  private async leave(live: LiveRun): Promise<void> {
    await this.attempts.get(live.run.id);
    if (this.remove(live)) await this.engine.dismiss(live);
  }

  private remove({ run }: LiveRun): boolean {
    const removed = this.waiting.delete(run.id);
    if (this.waiting.size === 0) this.onModuleDestroy();
    return removed;
  }

  /** The wish is in SQL already; where its owner does not hear of it now, it finds it when the run would begin. */
  private async wakeToStop(runId: string): Promise<void> {
    await this.recorders.log
      .requestStop(runId)
      .catch((error: unknown) => this.logger.warn({ runId, err: error }, 'a run could not be told to stop'));
  }

  private async watchStop(live: LiveRun): Promise<void> {
    const { signal } = live.abort;
    const asked = await this.recorders.log.untilStopRequested(live.run.id, signal).catch(() => false);
    if (asked && this.waiting.has(live.run.id)) live.interrupt('stop');
  }
}
