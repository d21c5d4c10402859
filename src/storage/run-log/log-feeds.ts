import { Logger } from '@nestjs/common';
import type { ChannelSubscription, RedisChannels } from '../redis/redis-channels.js';
import { isUnreachable } from '../redis/redis-errors.js';
import { LogCopy } from './log-copy.js';
import type { RedisLogStore } from './redis-log-store.js';

const PULL_BATCH = 256;
/** Newest records that followers of a run share; who is further behind reads Redis alone. */
const SHARED_RECORDS = 512;
/** A feed that heard nothing for so long looks by itself: a wake-up may be lost. */
const SILENCE_MS = 1000;
/** A log that is missing so long is gone. Before, Redis may have been emptied, and the owner writes it again. */
const MISSING_LIMIT_MS = 10_000;

/** Keeps one copy of a log that another node writes, as long as somebody here follows it. */
export class LogFeed {
  copy = new LogCopy(0);
  private readonly logger = new Logger(LogFeed.name);
  /** Resolves when `copy` stands, false where there is no such log. */
  readonly started: Promise<boolean>;
  users = 0;
  private subscription: ChannelSubscription | undefined;
  private running = false;
  private ended = false;
  private pulling = false;
  private again = false;
  private heardAt = performance.now();
  private missingSince: number | undefined;

  constructor(
    private readonly runId: string,
    private readonly store: RedisLogStore,
    private readonly channels: RedisChannels,
  ) {
    this.started = this.start();
  }

  /** Looks for what a lost wake-up may have announced; does nothing where the last news is fresh. */
  async look(): Promise<void> {
    if (performance.now() - this.heardAt < SILENCE_MS || this.copy.terminal) return;
    this.heardAt = performance.now();
    const head = await this.store.find(this.runId).catch(() => 'unreachable' as const);
    if (head === 'unreachable') return;
    this.missingSince = head ? undefined : (this.missingSince ?? performance.now());
    if (head && head.nextSeq > this.copy.nextSeq) this.pull();
    if (performance.now() - (this.missingSince ?? Infinity) > MISSING_LIMIT_MS) this.copy.close('dropped');
  }

  end(): void {
    this.ended = true;
    this.subscription?.end();
  }

  /** Listens before it looks where the log stands, unless that has ended: nothing comes between the two unheard. */
  private async start(): Promise<boolean> {
    let head = await this.store.find(this.runId);
    if (head && !head.terminal) {
      this.subscription = this.listen();
      if (this.ended) this.subscription.end();
      await this.subscription.ready;
      head = await this.store.find(this.runId);
    }
    if (!head) return false;
    this.copy = new LogCopy(head.nextSeq, SHARED_RECORDS);
    this.copy.terminal = head.terminal;
    this.running = true;
    this.pull();
    return true;
  }

  private listen(): ChannelSubscription {
    return this.channels.listen(this.store.wakeChannel(this.runId), {
      onMessage: (message) => (message === 'gone' ? this.copy.close('dropped') : this.pull()),
      onGap: () => this.pull(),
    });
  }

  /** One fetch at a time; a wake-up meanwhile causes one more. */
  private pull(): void {
    this.again = true;
    if (this.running && !this.pulling && !this.copy.terminal) void this.pullAll();
  }

  private async pullAll(): Promise<void> {
    this.pulling = true;
    try {
      while (this.again && !this.copy.terminal) {
        this.again = false;
        const records = await this.store.read(this.runId, this.copy.nextSeq, PULL_BATCH);
        this.heardAt = performance.now();
        if (records.length > 0) this.copy.take(records);
        this.again ||= records.length === PULL_BATCH;
      }
    } catch (error) {
      // The next wake-up, the reconnect or the poll pulls again.
      if (!isUnreachable(error)) this.logger.error({ runId: this.runId, err: error }, 'a run log could not be read');
    } finally {
      this.pulling = false;
    }
  }
}

/** The feeds of this node: one for each run that is followed here and written elsewhere. */
export class LogFeeds {
  private readonly feeds = new Map<string, LogFeed>();

  constructor(
    private readonly store: RedisLogStore,
    private readonly channels: RedisChannels,
  ) {}

  /** To be given back with `release`. Undefined where there is no such log; rejects with STORE_UNAVAILABLE. */
  async acquire(runId: string): Promise<LogFeed | undefined> {
    const feed = this.feeds.get(runId) ?? new LogFeed(runId, this.store, this.channels);
    this.feeds.set(runId, feed);
    feed.users++;
    try {
      if (await feed.started) return feed;
    } catch (error) {
      this.release(runId, feed);
      throw error;
    }
    this.release(runId, feed);
    return undefined;
  }

  release(runId: string, feed: LogFeed): void {
    if (--feed.users > 0) return;
    feed.end();
    if (this.feeds.get(runId) === feed) this.feeds.delete(runId);
  }

  /** This node writes the run itself from now on: followers go over to that. */
  supersede(runId: string): void {
    this.feeds.get(runId)?.copy.close('moved');
    this.feeds.delete(runId);
  }

  lookAll(): void {
    for (const feed of this.feeds.values()) void feed.look();
  }
}
