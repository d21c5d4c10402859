import { setTimeout as pause } from 'node:timers/promises';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { RunRecord } from '../../run/run-event.js';
import { type LogHead, type MayDeliverUnlogged, RunLogRefusal } from '../../run/run-log.port.js';
import { isUnreachable } from '../redis/redis-errors.js';
import type { AppendReply, LogKeys } from './append-batch.js';
import { freshRecords, type StandingLog } from './append-rules.js';
import { type Bell, ringAll } from './bell.js';
import { LogCopy } from './log-copy.js';
import type { RedisLogStore } from './redis-log-store.js';

const RETRY_MS = 50;
/** How long an append waits for Redis where nothing unlogged may be shown; then the run is given up here. */
const PATIENCE_MS = 10_000;
/** Records in one command when much must be sent again. */
const RESEND_BATCH = 200;

/**
 * The log of a run that this node writes. Keeps all of its records in memory until the run ends: followers here read
 * them there, and when Redis has lost some or all of them they are appended again, with the same seq and epoch.
 */
export class OwnedLog implements StandingLog {
  readonly copy = new LogCopy(0);
  /** Rung when a stop is asked for. */
  readonly stopWatchers = new Set<Bell>();
  stopRequested = false;
  /** Set where the log is to be retired as soon as Redis holds all of it. */
  retireAfterMs: number | undefined;
  /** When Redis last answered for this log, by `performance.now()`. */
  heardAt = performance.now();
  private readonly keys: LogKeys;
  /** Redis holds every record below this seq. */
  private loggedSeq = 0;
  private turn: Promise<unknown> = Promise.resolve();
  /** Pieces of work that are under way or wait for their turn. */
  private pending = 0;
  private left = false;

  constructor(
    readonly runId: string,
    public epoch: number,
    private readonly store: RedisLogStore,
    private readonly mayDeliverUnlogged: MayDeliverUnlogged,
  ) {
    this.keys = store.namesOf(runId);
  }

  get records(): readonly RunRecord[] {
    return this.copy.records;
  }

  get terminal() {
    return this.copy.terminal;
  }

  /** Whether this node still writes the log. */
  get isOwned(): boolean {
    return !this.left;
  }

  /** Whether Redis lacks something that was shown or asked for here. */
  get isBehind(): boolean {
    return this.loggedSeq < this.copy.nextSeq;
  }

  head(): LogHead {
    const { epoch, terminal, stopRequested } = this;
    return { epoch, nextSeq: this.copy.nextSeq, terminal, stopRequested };
  }

  /** Begins with what Redis holds. */
  async load({ nextSeq, stopRequested }: LogHead): Promise<void> {
    while (this.copy.nextSeq < nextSeq) {
      const past = await this.store.read(this.runId, this.copy.nextSeq, RESEND_BATCH);
      if (past.length === 0) throw new Error(`run log ${this.runId} has lost records below ${nextSeq}`);
      this.copy.take(past);
    }
    this.loggedSeq = nextSeq;
    if (stopRequested) this.noteStop();
  }

  /** Resolves when Redis holds the batch, or when it may be shown although it does not. One batch at a time. */
  append(batch: readonly RunRecord[]): Promise<void> {
    return this.isNext(batch) ? this.takeNext(batch) : this.inTurn(() => this.take(batch));
  }

  /** Looks whether Redis still holds what it acknowledged, and makes good what it lacks. */
  check(): Promise<void> {
    return this.inTurn(async () => {
      const head = await this.store.find(this.runId);
      if (head && head.epoch > this.epoch) return this.leave();
      if (!head) await this.store.open(this.runId, this.epoch);
      if (this.stopRequested && !head?.stopRequested) await this.store.requestStop(this.runId);
      if (head?.stopRequested) this.noteStop();
      this.loggedSeq = Math.min(this.loggedSeq, head?.nextSeq ?? 0);
      await this.log([]);
    });
  }

  noteStop(): void {
    this.stopRequested = true;
    ringAll(this.stopWatchers);
  }

  /** Another node owns the run: nothing more is written here, followers go on elsewhere. */
  leave(): void {
    this.left = true;
    this.copy.close('moved');
    ringAll(this.stopWatchers);
  }

  /** Does the last thing that this owner has to do with the log; nothing is written behind it. */
  conclude(work: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      this.left = true;
      await work();
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const begin = (): Promise<void> => this.begin(work);
    const mine = this.pending === 0 ? begin() : this.turn.then(begin, begin);
    this.pending++;
    this.turn = mine.then(this.done, this.done);
    return mine;
  }

  private begin(work: () => Promise<void>): Promise<void> {
    return this.left ? Promise.reject(new RunLogRefusal('stale-epoch', this.runId)) : work();
  }

  private readonly done = (): void => {
    this.pending--;
  };

  /** Whether this is one record, the next, and all that Redis lacks: so it is with nearly every token. */
  private isNext(batch: readonly RunRecord[]): boolean {
    const { nextSeq, terminal } = this.copy;
    const [record] = batch;
    const isFree = this.pending === 0 && !this.left && !terminal && this.loggedSeq === nextSeq;
    return isFree && batch.length === 1 && record!.seq === nextSeq && record!.epoch === this.epoch;
  }

  /** As `take` in its turn, with one promise instead of ten; where Redis says anything but yes it comes to the same. */
  private takeNext(batch: readonly RunRecord[]): Promise<void> {
    const { keys, epoch } = this;
    this.pending++;
    const taken = new Promise<void>((resolve) => {
      this.store.appendInto({ keys, epoch, records: batch }, (reply) => {
        if (reply?.outcome !== 'ok') return resolve(this.begin(() => this.take(batch)).finally(this.done));
        this.heard(reply);
        this.loggedSeq = reply.nextSeq;
        this.copy.take(batch);
        this.done();
        resolve();
      });
    });
    this.turn = taken;
    return taken;
  }

  private async take(batch: readonly RunRecord[]): Promise<void> {
    const fresh = freshRecords(this, batch);
    if (fresh.length > 0) await this.send(fresh);
    this.copy.take(fresh);
  }

  private async send(fresh: readonly RunRecord[]): Promise<void> {
    for (const givesUpAt = performance.now() + PATIENCE_MS; ; await pause(RETRY_MS)) {
      try {
        return await this.log(fresh);
      } catch (error) {
        if (!isUnreachable(error)) throw this.refusal(error);
        if (this.left) throw new RunLogRefusal('stale-epoch', this.runId);
        if (await this.isCovered()) return;
        if (performance.now() > givesUpAt) throw error;
      }
    }
  }

  /** Has Redis hold everything up to the end of `fresh`; where it turns out to have lost some, that too. */
  private async log(fresh: readonly RunRecord[]): Promise<void> {
    const end = this.copy.nextSeq + fresh.length;
    while (this.loggedSeq < end) {
      const { keys, epoch } = this;
      const reply = await this.store.append({ keys, epoch, records: this.missing(fresh) });
      const { outcome, nextSeq } = reply;
      this.heard(reply);
      if (outcome === 'ok' || (outcome === 'gap' && nextSeq < this.loggedSeq)) this.loggedSeq = nextSeq;
      else if (outcome === 'unknown' || outcome === 'earlier-term') await this.beginAnew();
      else if (outcome === 'full') throw new TalksyError('PAYLOAD_TOO_LARGE', 'The answer has too many parts.');
      else throw new RunLogRefusal(outcome, this.runId);
    }
  }

  private heard({ stopRequested }: AppendReply): void {
    this.heardAt = performance.now();
    if (stopRequested) this.noteStop();
  }

  /** What Redis is to be sent next, of `fresh` and of what it has lost. */
  private missing(fresh: readonly RunRecord[]): readonly RunRecord[] {
    const { loggedSeq, copy } = this;
    if (loggedSeq === copy.nextSeq && fresh.length <= RESEND_BATCH) return fresh;
    const all = [...copy.records.slice(loggedSeq), ...fresh.slice(Math.max(0, loggedSeq - copy.nextSeq))];
    return all.slice(0, RESEND_BATCH);
  }

  /** Redis was emptied: the log begins anew there, or goes on behind what an earlier owner has written again. */
  private async beginAnew(): Promise<void> {
    await this.store.open(this.runId, this.epoch);
    this.loggedSeq = 0;
  }

  /** Who cannot say is not covered. */
  private async isCovered(): Promise<boolean> {
    try {
      return await this.mayDeliverUnlogged(this.runId);
    } catch {
      return false;
    }
  }

  private refusal(error: unknown): unknown {
    if (error instanceof RunLogRefusal && error.reason === 'stale-epoch') this.leave();
    return error;
  }
}
