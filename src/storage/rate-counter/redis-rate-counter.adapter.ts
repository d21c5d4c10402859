import { Logger } from '@nestjs/common';
import { RateCounter, type RateRule, type RateVerdict } from '../../rate-limit/rate-counter.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { isUnreachable } from '../redis/redis-errors.js';
import { takeScript } from './take-script.js';

/**
 * Counts what comes to all nodes. Each node counts its own share besides: who exceeds the limit on one node alone is
 * refused without asking Redis, and when Redis cannot be reached the nodes go on by what each has counted, so a caller
 * may then have the limit once on each node. One key a caller and rule, gone a window after its last request.
 */
export class RedisRateCounter extends RateCounter {
  private readonly logger = new Logger(RedisRateCounter.name);
  /** What this node counted along with what all nodes did. */
  private readonly ownOf = new WeakMap<RateVerdict, RateVerdict>();
  private isAlone = false;

  /** `script` is there for tests of the contract. */
  constructor(
    private readonly connections: RedisConnections,
    private readonly local: RateCounter,
    private readonly script = takeScript,
  ) {
    super();
  }

  override async take(rule: RateRule, caller: string): Promise<RateVerdict> {
    const own = await this.local.take(rule, caller);
    if (!own.allowed) return own;
    const all = await this.ask(rule, caller);
    if (!all) return own;
    if (all.allowed) this.ownOf.set(all, own);
    else await this.local.giveBack(rule, caller, own);
    return all;
  }

  override async giveBack(rule: RateRule, caller: string, verdict: RateVerdict): Promise<void> {
    const own = this.ownOf.get(verdict);
    await this.local.giveBack(rule, caller, own ?? verdict);
    if (!own || verdict.takenAt === undefined) return;
    // Equal times are interchangeable. What cannot be given back now costs the caller one request, for one window.
    await this.connections.commands.lrem(this.keyOf(rule, caller), -1, verdict.takenAt).catch(() => undefined);
  }

  private async ask(rule: RateRule, caller: string): Promise<RateVerdict | undefined> {
    try {
      const { limit, windowMs } = rule;
      const reply = await this.script.run(this.connections.commands, [this.keyOf(rule, caller)], [limit, windowMs]);
      this.noteAlone(false);
      return verdictOf(rule, reply as number[]);
    } catch (error) {
      if (!isUnreachable(error)) this.logger.error({ err: error }, 'Redis refused to count a request');
      this.noteAlone(true);
      return undefined;
    }
  }

  private noteAlone(isAlone: boolean): void {
    if (isAlone === this.isAlone) return;
    this.isAlone = isAlone;
    if (isAlone) this.logger.warn('rate limits are counted on this node alone: Redis cannot be reached');
    else this.logger.log('rate limits are counted for all nodes again');
  }

  private keyOf({ name }: RateRule, caller: string): string {
    return this.connections.key(`rate:${name}:{${caller}}`);
  }
}

function verdictOf({ limit, windowMs }: RateRule, reply: readonly number[]): RateVerdict {
  const [allowed = 0, count = 0, now = 0, newest = 0, blocking = 0] = reply;
  const shared = { limit, remaining: Math.max(0, limit - count), resetAt: newest + windowMs };
  if (allowed === 1) return { allowed: true, ...shared, retryAfterMs: 0, takenAt: now };
  return { allowed: false, ...shared, retryAfterMs: blocking + windowMs - now };
}
