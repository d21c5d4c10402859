import { setImmediate as turnEnd, setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds; rejects with the signal's reason when it aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Real time. A pause of 0 costs no timer, but lets the event loop turn. */
export const realPause: Pause = async (ms, signal) => {
  try {
    await (ms > 0 ? sleep(ms, undefined, { signal }) : turnEnd());
  } catch {
    // Node wraps the reason in an AbortError of its own; the check below throws the reason itself.
  }
  signal.throwIfAborted();
};
