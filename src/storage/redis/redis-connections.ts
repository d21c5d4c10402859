import type { Redis, RedisOptions } from 'ioredis';
import type { RedisConfig } from '../../config/config.js';
import { isUnreachable, toRedisError } from './redis-errors.js';
import { RedisLink } from './redis-link.js';

/** A command that got no answer by then has failed; the links themselves notice a dead connection sooner. */
const COMMAND_LIMIT_MS = 1500;
/** How long an ended connection may take to close. */
const DISCONNECT_LIMIT_MS = 100;
const RETRY_FASTEST_MS = 50;
const RETRY_SLOWEST_MS = 1000;
/** How long a command that a cut connection left unanswered waits for the next one, and how often it is sent again. */
const PATIENCE_MS = 1000;
const ATTEMPTS = 4;
/** How long a start waits for Redis before it goes on without. */
const START_LIMIT_MS = 2000;

/** Whether Redis can be used, since when (milliseconds since the epoch), and why not. */
export interface RedisState {
  readonly up: boolean;
  readonly since: number;
  readonly reason?: string;
}

/**
 * The connections of this node to Redis: one for commands, one that only listens. While one of them is down nothing is
 * queued: commands reject at once, so that whoever asks can decide. Both reconnect by themselves, at most a second apart.
 */
export class RedisConnections {
  private readonly commandLink: RedisLink;
  private readonly subscriberLink: RedisLink;
  private readonly listeners = new Set<(state: RedisState) => void>();
  private closed = false;
  private current: RedisState = { up: false, since: Date.now(), reason: 'not connected yet' };

  constructor(private readonly config: RedisConfig) {
    const options = optionsFor(config);
    const changed = (): void => this.note();
    this.commandLink = new RedisLink(options, changed);
    this.subscriberLink = new RedisLink(options, changed);
  }

  /** Rejects at once what is sent while the connection is down. Commands of one event loop turn share one write. */
  get commands(): Redis {
    this.commandLink.gather();
    return this.commandLink.redis;
  }

  /** Subscriptions end with the connection: `RedisChannels` renews them. */
  get subscriber(): Redis {
    return this.subscriberLink.redis;
  }

  get state(): RedisState {
    return this.current;
  }

  /** The name of a key or channel of this installation. */
  key(name: string): string {
    return this.config.keyPrefix + name;
  }

  /**
   * Does a piece of work that may be done twice: a reply that was lost on the way is not worth an error while the
   * connection comes back within a second. Rejects with STORE_UNAVAILABLE where Redis cannot be had.
   */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(this.commands);
      } catch (error) {
        const waitedMs = Date.now() - (this.current.up ? startedAt : this.current.since);
        const patient = isUnreachable(error) && attempt < ATTEMPTS && waitedMs < PATIENCE_MS;
        if (!patient || !(await this.untilUp(PATIENCE_MS - waitedMs))) throw toRedisError(error);
      }
    }
  }

  /** Calls `listener` whenever `state.up` changes; returns the function that ends this. */
  onChange(listener: (state: RedisState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves true once Redis can be used, false where it cannot within `limitMs`. */
  async untilUp(limitMs = START_LIMIT_MS): Promise<boolean> {
    if (this.current.up || this.closed) return this.current.up;
    let timer: NodeJS.Timeout | undefined;
    let forget = (): void => undefined;
    const up = new Promise<boolean>((resolve) => {
      forget = this.onChange((state) => (state.up || this.closed) && resolve(state.up));
      timer = setTimeout(() => resolve(false), limitMs);
    });
    return up.finally(() => {
      clearTimeout(timer);
      forget();
    });
  }

  /** One more connection, for somebody who needs one alone and closes it himself. */
  openLink(): RedisLink {
    return new RedisLink(optionsFor(this.config), () => undefined);
  }

  /** Ends both connections at once; commands reject from then on. */
  close(): void {
    this.closed = true;
    this.commandLink.close();
    this.subscriberLink.close();
    this.become({ up: false, since: Date.now(), reason: 'closed' });
    this.listeners.clear();
  }

  private note(): void {
    if (this.closed) return;
    const { up, reason } = this.commandLink.current.up ? this.subscriberLink.current : this.commandLink.current;
    const since = up === this.current.up ? this.current.since : Date.now();
    this.become({ up, since, ...(reason !== undefined && { reason }) });
  }

  private become(state: RedisState): void {
    const changed = state.up !== this.current.up || this.closed;
    this.current = state;
    if (changed) for (const listener of this.listeners) listener(state);
  }
}

/** What every connection to Redis shares. `maxRetriesPerRequest` 0: what a cut connection left unanswered fails at once. */
function optionsFor({ host, port, username, password, db, tls }: RedisConfig): RedisOptions {
  return {
    host,
    port,
    db,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: { servername: host } }),
    connectTimeout: COMMAND_LIMIT_MS,
    disconnectTimeout: DISCONNECT_LIMIT_MS,
    commandTimeout: COMMAND_LIMIT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(RETRY_SLOWEST_MS, RETRY_FASTEST_MS * 2 ** Math.min(attempt, 10)),
  };
}
