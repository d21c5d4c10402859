import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { RunRecord } from '../../run/run-event.js';
import {
  FOLLOW_BATCH,
  type LogHead,
  type MayDeliverUnlogged,
  type RecordStream,
  RunLog,
  RunLogRefusal,
} from '../../run/run-log.port.js';
import type { ChannelSubscription, RedisChannels } from '../redis/redis-channels.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { isUnreachable } from '../redis/redis-errors.js';
import { Bell } from './bell.js';
import { LogFeeds } from './log-feeds.js';
import { OwnedLog } from './owned-log.js';
import { RedisLogStore } from './redis-log-store.js';
import { type HeldCopy, SharedFollower } from './shared-follower.js';

/** How often what is silent is looked at: the bound on every lost message. */
const POLL_MS = 1000;
/** Ended logs that wait for Redis to take their last records; beyond it the oldest is given up: SQL has the answer. */
const MAX_WAITING = 1000;

/** What the log must know of its node. */
export interface RedisRunLogOptions {
  node: string;
  /** How long an ended log stays where nobody retires it. */
  retentionMs: number;
}

/** The log that all nodes share: Redis Streams, one atomic script for each append. */
export class RedisRunLog extends RunLog {
  override readonly shared = true;
  private readonly logger = new Logger(RedisRunLog.name);
  private readonly store: RedisLogStore;
  private readonly feeds: LogFeeds;
  private readonly owned = new Map<string, OwnedLog>();
  private readonly stops: ChannelSubscription;
  private readonly poll: NodeJS.Timeout;
  private readonly forgetState: () => void;
  private mayDeliverUnlogged: MayDeliverUnlogged = () => false;

  constructor(connections: RedisConnections, channels: RedisChannels, { node, retentionMs }: RedisRunLogOptions) {
    super();
    this.store = new RedisLogStore(connections, node, retentionMs);
    this.feeds = new LogFeeds(this.store, channels);
    this.stops = channels.listen(this.store.nodeChannel(), {
      onMessage: (runId) => this.ownedLog(runId)?.noteStop(),
      onGap: () => undefined,
    });
    this.forgetState = connections.onChange(({ up }) => up && this.checkOwned(0));
    this.poll = setInterval(() => this.look(), POLL_MS);
    this.poll.unref();
  }

  override allowUnlogged(mayDeliverUnlogged: MayDeliverUnlogged): void {
    this.mayDeliverUnlogged = mayDeliverUnlogged;
  }

  /** Whether this node writes the run, or still holds records of it that Redis lacks. */
  owns(runId: string): boolean {
    return this.ownedLog(runId) !== undefined;
  }

  override async open(runId: string, epoch: number): Promise<LogHead> {
    const log = new OwnedLog(runId, epoch, this.store, (id) => this.mayDeliverUnlogged(id));
    const head = await this.store.open(runId, epoch);
    await log.load(head);
    this.owned.get(runId)?.leave();
    this.owned.set(runId, log);
    this.feeds.supersede(runId);
    return head;
  }

  override append(runId: string, records: readonly RunRecord[]): Promise<void> {
    return this.ownedLog(runId)?.append(records) ?? this.appendAsStranger(runId, records);
  }

  /** Of a run that is not written here; what Redis holds already is taken again, as everywhere. */
  private async appendAsStranger(runId: string, records: readonly RunRecord[]): Promise<void> {
    const epoch = Math.min(...records.map((record) => record.epoch));
    const { outcome } = await this.store.append({ keys: this.store.namesOf(runId), epoch, records });
    if (outcome === 'ok') return;
    if (outcome === 'earlier-term') throw new RunLogRefusal('stale-epoch', runId);
    throw new RunLogRefusal(outcome === 'unknown' || outcome === 'full' ? 'gap' : outcome, runId);
  }

  override async find(runId: string): Promise<LogHead | undefined> {
    return this.ownedLog(runId)?.head() ?? this.store.find(runId);
  }

  override follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream {
    const source = {
      hold: () => this.holdCopy(runId),
      past: (seq: number) => this.store.read(runId, seq, FOLLOW_BATCH),
    };
    return new SharedFollower(source, afterSeq, signal);
  }

  override async requestStop(runId: string): Promise<boolean> {
    const own = this.ownedLog(runId);
    own?.noteStop();
    const noted = this.store.requestStop(runId);
    return own ? noted.then(Boolean, () => true) : noted;
  }

  override async untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean> {
    const own = this.ownedLog(runId);
    if (!own) return this.pollStop(runId, signal);
    const bell = new Bell(signal);
    own.stopWatchers.add(bell);
    while (!own.stopRequested && !signal.aborted && own.copy.end === undefined) await bell.wait();
    own.stopWatchers.delete(bell);
    bell.close();
    return own.stopRequested;
  }

  /** Where Redis lacks some of the log it is retired when Redis has it. */
  override async retire(runId: string, retentionMs: number): Promise<void> {
    const own = this.ownedLog(runId);
    if (own?.terminal && retentionMs > 0 && own.isBehind) return this.retireLater(own, retentionMs);
    const retire = (): Promise<void> => this.store.retire(runId, retentionMs);
    await (own ? own.conclude(retire) : retire());
    if (!own) return;
    this.owned.delete(runId);
    if (!own.terminal || retentionMs <= 0) own.copy.close('dropped');
  }

  /** Ends timers and subscriptions; the logs stay in Redis. */
  close(): void {
    clearInterval(this.poll);
    this.forgetState();
    this.stops.end();
    for (const log of this.owned.values()) log.leave();
  }

  private ownedLog(runId: string): OwnedLog | undefined {
    const log = this.owned.get(runId);
    if (log && !log.isOwned) this.owned.delete(runId);
    return log?.isOwned ? log : undefined;
  }

  private async holdCopy(runId: string): Promise<HeldCopy | undefined> {
    const own = this.ownedLog(runId);
    if (own) return { copy: own.copy, release: () => undefined };
    const feed = await this.feeds.acquire(runId);
    return feed && { copy: feed.copy, release: () => this.feeds.release(runId, feed) };
  }

  private async pollStop(runId: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const head = await this.store.find(runId);
      if (!head || head.stopRequested) return head !== undefined;
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  private look(): void {
    this.feeds.lookAll();
    this.checkOwned(POLL_MS);
  }

  /** Checks the logs of which Redis has said nothing for so long. */
  private checkOwned(silentMs: number): void {
    const now = performance.now();
    for (const log of this.owned.values()) if (now - log.heardAt >= silentMs) void this.checkOne(log);
  }

  private async checkOne(log: OwnedLog): Promise<void> {
    try {
      await log.check();
      if (log.retireAfterMs !== undefined) await this.retire(log.runId, log.retireAfterMs);
    } catch (error) {
      if (error instanceof RunLogRefusal || isUnreachable(error)) return;
      this.logger.error({ runId: log.runId, err: error }, 'a run log could not be checked');
    }
  }

  private retireLater(own: OwnedLog, retentionMs: number): void {
    own.retireAfterMs = retentionMs;
    const waiting = [...this.owned.values()].filter((log) => log.retireAfterMs !== undefined);
    if (waiting.length > MAX_WAITING) this.owned.delete(waiting[0]!.runId);
  }
}
