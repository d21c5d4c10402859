import { Redis, type RedisOptions } from 'ioredis';

/** How often a connection is asked whether it still answers. */
const BEAT_MS = 100;
/** A connection that was silent for so long is cut and made anew. With the beat: a loss is noticed within 500 ms. */
const SILENCE_LIMIT_MS = 300;
/** How long a new connection may take until it answers. */
const CONNECT_LIMIT_MS = 1000;

/** Whether a connection answers, and why not. */
export interface LinkState {
  readonly up: boolean;
  readonly reason?: string;
}

/**
 * One connection that tells the truth about itself: a half-open or deaf one is cut, because otherwise it would look
 * alive for ever. Whatever waits for an answer then fails at once. It reconnects until `close`.
 */
export class RedisLink {
  readonly redis: Redis;
  private state: LinkState = { up: false, reason: 'not connected yet' };
  private readonly beat: NodeJS.Timeout;
  private gathering = false;
  private askedAt: number | undefined;
  private connectingSince = performance.now();
  private lastError: string | undefined;

  constructor(
    options: RedisOptions,
    private readonly onChange: () => void,
  ) {
    this.redis = new Redis(options);
    this.redis.on('error', (error: Error) => (this.lastError = reasonOf(error)));
    this.redis.on('connecting', () => (this.connectingSince = performance.now()));
    this.redis.on('ready', () => this.become({ up: true }));
    this.redis.on('close', () => this.become({ up: false, reason: this.lastError ?? 'connection closed' }));
    this.beat = setInterval(() => this.check(), BEAT_MS);
    this.beat.unref();
  }

  get current(): LinkState {
    return this.state;
  }

  /**
   * Has everything that is sent until the event loop turns leave in one write. Not ioredis' own pipelining: that sends
   * nothing while an earlier pipeline waits for its answers, and after a lost connection may wait for ever.
   */
  gather(): void {
    const { stream } = this.redis;
    if (this.gathering || !stream?.writable) return;
    this.gathering = true;
    stream.cork();
    setImmediate(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  close(): void {
    clearInterval(this.beat);
    this.redis.disconnect();
    this.redis.stream?.destroy();
  }

  private check(): void {
    const { status } = this.redis;
    if (status === 'ready') this.checkAnswers();
    else if ((status === 'connect' || status === 'connecting') && this.isSince(this.connectingSince, CONNECT_LIMIT_MS))
      this.cut(`no answer within ${CONNECT_LIMIT_MS} ms of connecting`);
  }

  private checkAnswers(): void {
    const { askedAt } = this;
    if (askedAt === undefined) return this.ask();
    if (!this.isSince(askedAt, SILENCE_LIMIT_MS)) return;
    // After a stall of this process the answer may lie unread in the socket: one turn of the loop reads it.
    setImmediate(() => {
      if (this.askedAt === askedAt) this.cut(`no answer within ${SILENCE_LIMIT_MS} ms`);
    });
  }

  private ask(): void {
    const askedAt = performance.now();
    this.askedAt = askedAt;
    const answered = (): void => {
      if (this.askedAt === askedAt) this.askedAt = undefined;
    };
    this.redis.ping().then(answered, answered);
  }

  private cut(reason: string): void {
    this.askedAt = undefined;
    this.lastError = reason;
    this.become({ up: false, reason });
    this.redis.stream?.destroy();
  }

  private become(state: LinkState): void {
    if (state.up) this.lastError = this.askedAt = undefined;
    const changed = state.up !== this.state.up || state.reason !== this.state.reason;
    this.state = state;
    if (changed) this.onChange();
  }

  private isSince(since: number, limitMs: number): boolean {
    return performance.now() - since > limitMs;
  }
}

/** Without the address: what is told of a connection must not show where it leads. */
const reasonOf = (error: Error & { code?: string }): string => error.code ?? error.message.slice(0, 100);
