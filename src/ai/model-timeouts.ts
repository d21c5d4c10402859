import { ProviderFailure } from './provider-failure.js';

export interface ModelTimeouts {
  /** Until the first batch. */
  firstTokenMs: number;
  /** Between two batches. */
  idleMs: number;
}

/**
 * Gives a model's batches to `take`, and ends one that falls silent with PROVIDER_TIMEOUT. Time counts only while the
 * model is waited for. The signal that `open` gets aborts on a timeout, when `signal` aborts and when `take` throws; a
 * model that does not heed it is left behind. Resolves at the end of the answer; nothing is taken after that.
 */
export async function readWithin<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  timeouts: ModelTimeouts,
  signal: AbortSignal,
  take: (batch: T) => void,
): Promise<void> {
  signal.throwIfAborted();
  // Followed by hand: what AbortSignal.any makes looks its sources up each time that it is asked whether it has aborted.
  const own = new AbortController();
  const follow = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  const batches = open(own.signal)[Symbol.asyncIterator]();
  const silence = new SilenceTimer(timeouts, () => own.abort(new ProviderFailure('PROVIDER_TIMEOUT', 'faulty')));
  let whole = false;
  try {
    await takeAll(batches, silence, own.signal, take);
    whole = true;
  } finally {
    silence.stop();
    signal.removeEventListener('abort', follow);
    if (!whole) own.abort();
    // Not awaited: the clean-up of a model that hangs would hang too.
    if (!whole) void batches.return?.().then(undefined, () => undefined);
  }
}

/**
 * Takes one batch after the other until the last or until the signal aborts: no generator and one promise for each,
 * because every token of every answer passes here.
 */
function takeAll<T>(
  batches: AsyncIterator<T>,
  silence: SilenceTimer,
  signal: AbortSignal,
  take: (batch: T) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(signal.reason);
  const next = (): void => {
    silence.begin();
    batches.next().then(onBatch, reject);
  };
  const onBatch = ({ done, value }: IteratorResult<T>): void => {
    silence.end();
    if (signal.aborted) return;
    if (done) return resolve();
    try {
      take(value);
    } catch (error) {
      return reject(error);
    }
    next();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  next();
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}

/** One timer for all waits of an answer. It runs through; where it fires too early, it goes on for what is left. */
class SilenceTimer {
  private timer: NodeJS.Timeout;
  private limitMs: number;
  private waitsSince: number | undefined;

  constructor(
    private readonly timeouts: ModelTimeouts,
    private readonly onSilence: () => void,
  ) {
    this.limitMs = timeouts.firstTokenMs;
    this.timer = this.start(this.limitMs);
  }

  begin(): void {
    this.waitsSince = performance.now();
  }

  end(): void {
    this.waitsSince = undefined;
    if (this.limitMs === this.timeouts.idleMs) return;
    this.limitMs = this.timeouts.idleMs;
    clearTimeout(this.timer);
    this.timer = this.start(this.limitMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(ms: number): NodeJS.Timeout {
    return setTimeout(this.fire, ms).unref();
  }

  private readonly fire = (): void => {
    const leftMs = this.limitMs - (this.waitsSince === undefined ? 0 : performance.now() - this.waitsSince);
    if (leftMs <= 0) this.onSilence();
    else this.timer = this.start(Math.ceil(leftMs));
  };
}
