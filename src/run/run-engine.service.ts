import { Injectable, Logger } from '@nestjs/common';
import { loadTokenizer } from '../common/token-count.js';
import { RunConfig } from '../config/config.js';
import type { TakenRun } from './own/abandoned-runs.service.js';
import { AnswerKeeper } from './own/answer-keeper.service.js';
import { LiveRun } from './own/live-run.js';
import { startedEvent } from './own/run-beginning.js';
import { completed, type Ending, endingOf, runEnd } from './own/run-ending.js';
import { RunOwnership } from './own/run-ownership.service.js';
import { RecorderFactory } from './record/recorder-factory.service.js';
import type { Run } from './run.js';
import type { Turn } from './turn.js';
import type { TurnEvent } from './turn-event.js';
import { TurnPlayer } from './turn-player.service.js';

/** One for all: without a reason each abort would make an error, with its stack. */
const OVER = new Error('the run is over');

/** Plays claimed runs and records them. Once `launch` resolves the log owns the run: no client can lose it. */
@Injectable()
export class RunEngine {
  private readonly logger = new Logger(RunEngine.name);
  private readonly live = new Map<string, LiveRun>();
  private readonly endListeners: ((run: Run) => void)[] = [];

  constructor(
    private readonly player: TurnPlayer,
    private readonly recorders: RecorderFactory,
    private readonly ownership: RunOwnership,
    private readonly answers: AnswerKeeper,
    private readonly config: RunConfig,
  ) {}

  /** Runs that this node is playing. */
  get activeCount(): number {
    return this.live.size;
  }

  /** Stops what this node is playing for the user, as if the user had asked for it. */
  stopAllOf(userId: string): void {
    for (const live of this.live.values()) if (live.run.userId === userId) live.interrupt('stop');
  }

  /** Calls `listener` whenever a run has left this node, ended or not. */
  onRunEnd(listener: (run: Run) => void): void {
    this.endListeners.push(listener);
  }

  /** Puts a new run on its log and plays it. Resolves when it has begun, not when it ends. */
  async launch(run: Run, turn: Turn): Promise<void> {
    const lost = this.onLost(run);
    if (!(await this.ownership.take(run.id, run.epoch, lost))) return;
    const recorder = await this.ownership.orRelease(run.id, () => this.recorders.begin(run.id, run.epoch, lost));
    const live = new LiveRun(run, turn, recorder);
    recorder.record(startedEvent(run, live.turn));
    if (turn.prior) recorder.add(turn.prior);
    this.carry(live);
    await recorder.settle().catch(lost);
  }

  /** Plays a run that has waited, on the log that it has already. */
  begin(live: LiveRun): void {
    live.recorder.record(startedEvent(live.run, live.turn));
    this.carry(live);
  }

  /** Ends a run that has waited and will not be played: stopped by its user, handed over, or another's. */
  async dismiss(live: LiveRun): Promise<void> {
    try {
      await this.conclude(live, endingOf(undefined, live.interruption));
    } catch (error) {
      live.interrupt('lost');
      this.logger.warn({ runId: live.run.id, err: error }, 'a waiting run left this node');
    } finally {
      await this.leave(live);
    }
  }

  /** Goes on with a run that was taken over: what its log holds stands, and the model continues behind it. */
  async resume({ run, transcript }: TakenRun, turn: Turn): Promise<void> {
    const lost = this.onLost(run);
    if (!(await this.ownership.take(run.id, run.epoch, lost))) return this.ownership.release(run.id);
    const recorder = this.recorders.resume(run.id, run.epoch, transcript, lost);
    // Its owner died between the database's word that it may begin and the log's.
    const live = new LiveRun(run, turn, recorder);
    if (transcript.started?.type !== 'run.started') recorder.record(startedEvent(run, live.turn));
    this.carry(live);
    this.logger.warn({ runId: run.id, epoch: run.epoch, fromSeq: transcript.lastSeq }, 'a run was taken over');
  }

  /** Waits for the runs in flight at most `graceMs`, then hands the rest over to whoever starts next. */
  async drain(graceMs: number): Promise<void> {
    const all = (): Promise<unknown> => Promise.all([...this.live.values()].map((live) => live.done));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([all(), grace]);
    clearTimeout(timer);
    for (const live of this.live.values()) live.interrupt('handover');
    await all();
  }

  private onLost({ id }: Run): () => void {
    return () => this.live.get(id)?.interrupt('lost');
  }

  private carry(live: LiveRun): void {
    this.live.set(live.run.id, live);
    this.answers.watch(live.recorder);
    live.done = live.traced(() => this.carryOut(live));
  }

  private async carryOut(live: LiveRun): Promise<void> {
    const { run, recorder } = live;
    live.limit(this.config.timeoutMs);
    const over = new AbortController();
    void this.watchStop(live, over.signal);
    try {
      const ending = await this.play(live);
      live.unlimit();
      await this.conclude(live, ending);
    } catch (error) {
      live.interrupt('lost');
      this.logger.warn({ runId: run.id, err: error }, 'a run left this node');
    } finally {
      live.unlimit();
      over.abort(OVER);
      this.answers.release(recorder);
      await this.leave(live);
    }
  }

  private async play(live: LiveRun): Promise<Ending> {
    try {
      const reason = await this.player.play(live.turn, live.abort.signal, (events) => write(live, events));
      return completed(reason);
    } catch (error) {
      return endingOf(error, live.interruption);
    }
  }

  /** SQL before the terminal record: who sees the end finds the whole answer stored. */
  private async conclude(live: LiveRun, ending: Ending): Promise<void> {
    const { recorder } = live;
    await recorder.settle();
    if (live.interruption === 'lost') return;
    if (live.interruption === 'handover') return this.answers.checkpoint(recorder);
    const { runId, epoch, transcript } = recorder;
    const { content, chunkEnds } = transcript;
    if (transcript.usage.estimated) await loadTokenizer();
    const data = runEnd(ending, transcript);
    const { lastIndex: _derived, ...stored } = data;
    const end = { ...stored, finalSeq: recorder.upcomingSeq };
    const calls = ending.finishReason === 'tool_calls' ? transcript.openCalls : [];
    if (!(await this.answers.finish({ runId, epoch, content, chunkEnds, calls, status: ending.status, end }))) {
      throw new Error('another owner has ended it');
    }
    await recorder.end({ type: ending.type, data });
    this.logger.debug({ runId, status: ending.status, chunks: chunkEnds.length }, 'run ended');
  }

  private async leave(live: LiveRun): Promise<void> {
    const { runId, transcript } = live.recorder;
    this.live.delete(runId);
    live.endTrace();
    try {
      await this.ownership.release(runId, live.interruption === 'handover');
      const { log } = this.recorders;
      if (transcript.end || !log.shared) await log.retire(runId, this.config.logRetentionMs);
    } catch (error) {
      this.logger.warn({ runId, err: error }, 'a run could not be given up cleanly; its lease will lapse');
    }
    for (const listener of this.endListeners) listener(live.run);
  }

  private async watchStop(live: LiveRun, over: AbortSignal): Promise<void> {
    const asked = await this.recorders.log.untilStopRequested(live.run.id, over).catch(() => false);
    if (asked && !over.aborted) live.interrupt('stop');
  }
}

/** Gives what the turn has to its recorder; the promise is that of the log, where the turn must wait for it. */
function write(live: LiveRun, events: readonly TurnEvent[]): Promise<void> | undefined {
  const { recorder } = live;
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    if (event.type === 'text') recorder.add(event.text);
    else if (event.type === 'record') recorder.record(event.event);
    else if (event.type === 'waiting') live.wait(event.forPerson);
    else return recorder.settle().then(() => write(live, events.slice(at + 1)));
  }
  return undefined;
}
