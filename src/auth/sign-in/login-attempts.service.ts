import { setTimeout as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { callerOfAddress } from '../../rate-limit/address.js';
import { RateCounter, type RateRule, type RateVerdict } from '../../rate-limit/rate-counter.port.js';

/** Failures of one address at one account: a burst, and a long haul. They hold nobody up who comes from elsewhere. */
export const PAIR_RULES: readonly RateRule[] = [
  { name: 'login-failures', limit: 10, windowMs: 60_000 },
  { name: 'login-failures-long', limit: 50, windowMs: 3_600_000 },
];
/** Failures of one address at any accounts. */
export const ADDRESS_RULE: RateRule = { name: 'login-failures-of-address', limit: 100, windowMs: 900_000 };
/** Failures at one account from any addresses. Beyond it a stranger waits; nobody is refused for it alone. */
export const ACCOUNT_RULE: RateRule = { name: 'login-failures-at-account', limit: 200, windowMs: 3_600_000 };

const STRANGER_PAUSE_MS = 1000;
const MAX_PAUSED = 10;
const MAX_REMEMBERED = 10_000;

type Taken = { rule: RateRule; caller: string; verdict: RateVerdict };

/**
 * Slows down who guesses passwords, without a lever to lock the owner out: what is refused is the pair of address and
 * account, or the address; an account under attack from many addresses costs a stranger a second, and an address that
 * knew the password before nothing. Only failures count.
 */
@Injectable()
export class LoginAttempts {
  /** Pairs of account and address that succeeded. */
  private readonly known = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  private readonly paused = new Map<string, number>();

  constructor(private readonly counter: RateCounter) {}

  /**
   * Whether `check` finds the password right. RATE_LIMIT_EXCEEDED, without a check, after too many failures; an
   * unknown email is treated like any other.
   */
  async judge(email: string, address: string | undefined, check: () => Promise<boolean>): Promise<boolean> {
    const [account, from] = [digestOf(email), callerOfAddress(address)];
    const pair = `${account}|${from}`;
    const taken = await this.takeAll([...PAIR_RULES.map((rule) => [rule, pair] as const), [ADDRESS_RULE, from]]);
    let isRight = false;
    let isDone = false;
    try {
      const atAccount = await this.counter.take(ACCOUNT_RULE, account);
      taken.push({ rule: ACCOUNT_RULE, caller: account, verdict: atAccount });
      if (!atAccount.allowed && !this.known.has(pair)) await this.holdUp(account);
      isRight = await check();
      isDone = true;
    } finally {
      if (isRight || !isDone) await this.giveBack(taken);
    }
    if (isRight) this.known.set(pair, true);
    return isRight;
  }

  private async takeAll(wanted: readonly (readonly [RateRule, string])[]): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const [rule, caller] of wanted) {
      const verdict = await this.counter.take(rule, caller);
      if (!verdict.allowed) {
        await this.giveBack(taken);
        throw tooMany(verdict.retryAfterMs);
      }
      taken.push({ rule, caller, verdict });
    }
    return taken;
  }

  private async giveBack(taken: readonly Taken[]): Promise<void> {
    for (const { rule, caller, verdict } of taken) {
      if (verdict.allowed) await this.counter.giveBack(rule, caller, verdict);
    }
  }

  /** A second, for a few strangers at a time at each account. */
  private async holdUp(account: string): Promise<void> {
    const others = this.paused.get(account) ?? 0;
    if (others >= MAX_PAUSED) throw tooMany(STRANGER_PAUSE_MS);
    this.paused.set(account, others + 1);
    await pause(STRANGER_PAUSE_MS);
    const left = this.paused.get(account)! - 1;
    if (left > 0) this.paused.set(account, left);
    else this.paused.delete(account);
  }
}

/** Counters may live in a store that others read: it needs no addresses of people. */
const digestOf = (email: string): string => createHash('sha256').update(email).digest('base64url').slice(0, 22);

function tooMany(retryAfterMs: number): TalksyError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const wait = `try again in ${seconds} second${seconds === 1 ? '' : 's'}`;
  return new TalksyError('RATE_LIMIT_EXCEEDED', `Too many failed attempts to sign in; ${wait}.`, { retryAfterMs });
}
