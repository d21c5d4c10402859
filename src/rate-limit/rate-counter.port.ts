/** A limit of one kind of thing: at most `limit` of them from one caller within any `windowMs`. */
export interface RateRule {
  /** Tells the kinds apart: the same caller has a window in each. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** What became of one request. Times are milliseconds since the epoch unless they end in `Ms`. */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more would be let through now. */
  readonly remaining: number;
  /** When all of `limit` is to be had again, if nothing else comes. */
  readonly resetAt: number;
  /** 0 where allowed, else how long to wait until one would be let through. */
  readonly retryAfterMs: number;
  /** The time on record for it; undefined where it was refused. */
  readonly takenAt?: number;
}

/**
 * Counts what callers do in sliding windows. Guarantees (rate-counter.contract.ts):
 *  1. At no moment have more than `limit` been let through within the last `windowMs`, also of requests at once.
 *  2. What is refused counts for nothing: it does not make the wait longer.
 *  3. Who waits `retryAfterMs` is let through, unless something else of the same caller was.
 *  4. Callers and rules do not touch each other.
 *  5. `giveBack` undoes one `take`, and nothing else; what is out of the window already stays out.
 * Memory is bounded. Where counting fails it fails towards refusing, never by throwing.
 */
export abstract class RateCounter {
  abstract take(rule: RateRule, caller: string): Promise<RateVerdict>;
  /** For what turned out to be nothing new. `verdict` is what `take` answered. */
  abstract giveBack(rule: RateRule, caller: string, verdict: RateVerdict): Promise<void>;
}
