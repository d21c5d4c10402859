import { LRUCache } from 'lru-cache';
import type { RateRule, RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { SlidingWindow } from './sliding-window.js';

/** Callers of one rule that have a window of their own, about 20 MB of them, 70 MB where each fills a large limit. */
const MAX_CALLERS = 50_000;
/** Windows for those beyond. */
const SHARED_WINDOWS = 1024;
/** One comes at most with each request, so dropping two keeps up. */
const DROPS_PER_REQUEST = 2;

/**
 * The windows of one rule, in bounded memory. Whoever has been idle for a window is dropped, the longest idle first; a
 * caller that still counts never is. When all places are taken by such, new callers share 1,024 windows by their hash:
 * they may be refused for what others did, but nobody is ever let through too often.
 */
export class CallerWindows {
  /** In order of the last request that was let through; never fuller than it may be, so it never evicts by itself. */
  private readonly own: LRUCache<string, SlidingWindow>;
  private readonly shared = new Map<number, SlidingWindow>();

  constructor(private readonly maxCallers = MAX_CALLERS) {
    this.own = new LRUCache({ max: maxCallers });
  }

  get size(): number {
    return this.own.size + this.shared.size;
  }

  take(rule: RateRule, caller: string, now: number): RateVerdict {
    this.dropIdle(rule, now);
    const known = this.own.peek(caller);
    const window = known ?? this.windowOfNew(rule, caller, now);
    const verdict = window.take(rule, now);
    if (known && verdict.allowed) this.own.get(caller);
    return verdict;
  }

  giveBack(caller: string, takenAt: number): void {
    (this.own.peek(caller) ?? this.shared.get(placeOf(caller)))?.giveBack(takenAt);
  }

  /** A caller that used a shared window before starts with all that counts there, or it could begin anew. */
  private windowOfNew(rule: RateRule, caller: string, now: number): SlidingWindow {
    const place = placeOf(caller);
    let shared = this.shared.get(place);
    if (shared?.isIdle(rule, now)) {
      this.shared.delete(place);
      shared = undefined;
    }
    const isFull = this.own.size >= this.maxCallers;
    const window = isFull && shared ? shared : (shared?.copy() ?? new SlidingWindow());
    if (isFull) this.shared.set(place, window);
    else this.own.set(caller, window);
    return window;
  }

  private dropIdle(rule: RateRule, now: number): void {
    for (let drops = 0; drops < DROPS_PER_REQUEST; drops++) {
      const { value: oldest } = this.own.rkeys().next();
      if (oldest === undefined || !this.own.peek(oldest)!.isIdle(rule, now)) return;
      this.own.delete(oldest);
    }
  }
}

/** FNV-1a, 32 bits. */
function placeOf(caller: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < caller.length; at++) hash = Math.imul(hash ^ caller.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % SHARED_WINDOWS;
}
