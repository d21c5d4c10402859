import { circuitBreaker, type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { failureKindOf } from '../provider-failure.js';

export type CircuitStatus = 'closed' | 'open' | 'half-open';

/** Leave to ask a provider once; exactly one outcome counts, and what comes behind `succeeded` may still fail. */
export interface CircuitPass {
  /** The provider has begun to answer. */
  succeeded(): void;
  failed(error: unknown): void;
  /** Nobody knows: the user left before the provider said anything. */
  undecided(): void;
}

const UNDECIDED = new Error('undecided');

/**
 * Keeps requests from a provider that fails again and again. Only what is the provider's own fault counts: a request
 * that it refused does not. Once the pause is over one request tries it, and the others are still turned away.
 */
export class ProviderCircuit {
  private readonly policy: CircuitBreakerPolicy;
  private openedAt = 0;

  constructor(private readonly limits: { readonly failures: number; readonly openMs: number }) {
    const counts = handleWhen((error) =>
      // A trial without outcome proves nothing: the circuit opens again.
      error === UNDECIDED ? this.policy.state === CircuitState.HalfOpen : isItsFault(error),
    );
    const breaker = new ConsecutiveBreaker(limits.failures);
    this.policy = circuitBreaker(counts, { halfOpenAfter: limits.openMs, breaker });
    this.policy.onBreak(() => (this.openedAt = Date.now()));
  }

  get status(): CircuitStatus {
    if (this.policy.state === CircuitState.HalfOpen) return 'half-open';
    return this.policy.state === CircuitState.Closed ? 'closed' : 'open';
  }

  /** How long it stays open at least, in milliseconds. */
  get retryAfterMs(): number {
    return this.status === 'open' ? Math.max(1, this.openedAt + this.limits.openMs - Date.now()) : this.limits.openMs;
  }

  /** Undefined where the circuit is open, or its one trial is under way: shed, not queued. */
  enter(): CircuitPass | undefined {
    if (this.policy.state === CircuitState.HalfOpen) return undefined;
    const outcome = Promise.withResolvers<void>();
    let admitted = false;
    this.run(() => {
      admitted = true;
      return outcome.promise;
    });
    if (!admitted) return undefined;
    let begun = false;
    return {
      succeeded: () => {
        begun = true;
        outcome.resolve();
      },
      failed: (error) => {
        if (begun) this.run(() => Promise.reject(asError(error)));
        else outcome.reject(asError(error));
      },
      undecided: () => outcome.reject(UNDECIDED),
    };
  }

  private run(work: () => Promise<void>): void {
    void this.policy.execute(work).catch(() => undefined);
  }
}

const isItsFault = (error: unknown): boolean => (failureKindOf(error) ?? 'refused') !== 'refused';

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
