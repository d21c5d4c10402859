import { failureKindOf, ProviderFailure } from '../provider-failure.js';
import type { Candidate } from '../model-table.js';
import { retryDelayMs } from './retry-delay.js';

export interface ChainLimits {
  /** Further tries at one provider. */
  retries: number;
  /** How long after its first try a provider may be tried again. */
  patienceMs: number;
}

/** Whom to ask next, and how long to wait before. */
export interface ChainStep {
  candidate: Candidate;
  waitMs: number;
}

/** Nobody waits longer for one provider than this while another could answer. */
const OTHERS_WAIT_MS = 1000;

/**
 * Decides who is asked for one answer, and when nobody is left. A provider is tried again only before its first text and
 * for a passing failure; else the next one goes on, behind what was said. What no provider is to blame for, and what
 * comes behind a tool call, ends the answer.
 */
export class AttemptChain {
  private at = 0;
  private tries = 0;
  private triedSince = 0;
  private waitMs = 0;
  private failure: unknown;
  private shutForMs = Infinity;

  constructor(
    private readonly candidates: readonly Candidate[],
    private readonly limits: ChainLimits,
  ) {}

  /** The next step. Throws the last failure, or PROVIDER_UNAVAILABLE with `retryAfterMs` where every circuit is open. */
  next(nowMs: number): ChainStep {
    const candidate = this.candidates[this.at];
    if (!candidate) throw this.failure ?? this.unavailable();
    if (this.tries++ === 0) this.triedSince = nowMs;
    return { candidate, waitMs: this.waitMs };
  }

  /** The candidate's circuit is open, for so long. */
  shut(forMs: number): void {
    this.shutForMs = Math.min(this.shutForMs, forMs);
    this.moveOn();
  }

  /** The attempt failed after so much; `random` is in [0, 1). Throws the failure where no other attempt may follow. */
  failed(error: unknown, said: { text: boolean; calls: boolean }, nowMs: number, random: number): void {
    const kind = failureKindOf(error);
    if (kind === undefined || said.calls) throw error;
    this.failure = error;
    if (kind !== 'passing' || said.text || this.tries > this.limits.retries) return this.moveOn();
    const { retryAfterMs } = error as ProviderFailure;
    const waitMs = retryDelayMs(this.tries, retryAfterMs, random);
    const left = this.limits.patienceMs - (nowMs - this.triedSince);
    const isLast = this.at === this.candidates.length - 1;
    if (waitMs > (isLast ? left : Math.min(left, OTHERS_WAIT_MS))) return this.moveOn();
    this.waitMs = waitMs;
  }

  private moveOn(): void {
    this.at++;
    this.tries = 0;
    this.waitMs = 0;
  }

  private unavailable(): ProviderFailure {
    const retryAfterMs = Number.isFinite(this.shutForMs) ? { retryAfterMs: this.shutForMs } : {};
    return new ProviderFailure('PROVIDER_UNAVAILABLE', 'passing', retryAfterMs);
  }
}
