import type { RateRule, RateVerdict } from '../../rate-limit/rate-counter.port.js';

/** Steps in which the window of a large limit slides; what bounds the memory of one caller. */
const MAX_SLOTS = 64;

/**
 * What one caller was let through for within the last window: pairs of a time and how many then, oldest first. Up to a
 * limit of 64 every time is exact. Above it times are rounded up to a 64th of the window, so that a request counts a
 * little longer than it must and never shorter, and a caller takes about 1 kB whatever the limit.
 */
export class SlidingWindow {
  private slots: number[] = [];
  private total = 0;

  take(rule: RateRule, clockTime: number): RateVerdict {
    const now = this.forget(rule, clockTime);
    if (this.total >= rule.limit) return this.verdict(rule, now, false);
    const takenAt = stampOf(rule, now);
    if (this.newest === takenAt) this.slots[this.slots.length - 1]!++;
    else this.slots.push(takenAt, 1);
    this.total++;
    return { ...this.verdict(rule, now, true), takenAt };
  }

  giveBack(takenAt: number): void {
    const at = this.slots.findIndex((value, index) => index % 2 === 0 && value === takenAt);
    if (at < 0) return;
    this.total--;
    if (--this.slots[at + 1]! === 0) this.slots.splice(at, 2);
  }

  /** Whether nothing of it counts any more. */
  isIdle({ windowMs }: RateRule, now: number): boolean {
    return this.newest <= now - windowMs;
  }

  copy(): SlidingWindow {
    const copy = new SlidingWindow();
    copy.slots = [...this.slots];
    copy.total = this.total;
    return copy;
  }

  private get newest(): number {
    return this.slots.at(-2) ?? -Infinity;
  }

  /** Drops what is out of the window; the time to reckon with, which stands still while a clock is set back. */
  private forget(rule: RateRule, clockTime: number): number {
    const now = Math.max(clockTime, this.newest - grainOf(rule) + 1);
    let gone = 0;
    while (gone < this.slots.length && this.slots[gone]! <= now - rule.windowMs) {
      this.total -= this.slots[gone + 1]!;
      gone += 2;
    }
    if (gone > 0) this.slots.splice(0, gone);
    return now;
  }

  private verdict(rule: RateRule, now: number, allowed: boolean): RateVerdict {
    const { limit, windowMs } = rule;
    const retryAfterMs = allowed ? 0 : this.oldestThatBlocks(limit) + windowMs - now;
    const remaining = Math.max(0, limit - this.total);
    return { allowed, limit, remaining, resetAt: this.newest + windowMs, retryAfterMs };
  }

  /** The time whose leaving makes room; not always the first, since limits may be lowered. */
  private oldestThatBlocks(limit: number): number {
    let at = 0;
    let left = this.total - this.slots[1]!;
    while (left >= limit) {
      at += 2;
      left -= this.slots[at + 1]!;
    }
    return this.slots[at]!;
  }
}

const grainOf = ({ limit, windowMs }: RateRule): number => (limit <= MAX_SLOTS ? 1 : Math.ceil(windowMs / MAX_SLOTS));

const stampOf = (rule: RateRule, now: number): number => Math.ceil(now / grainOf(rule)) * grainOf(rule);
