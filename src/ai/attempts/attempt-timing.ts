import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, as the chain of attempts needs them; tests put their own in place. */
export class AttemptTiming {
  /** Milliseconds that only ever grow. */
  now(): number {
    return performance.now();
  }

  /** In [0, 1). */
  random(): number {
    return Math.random();
  }

  /** Rejects with the signal's reason when it aborts. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}
