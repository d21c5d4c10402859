import { ProviderFailure } from './provider-failure.js';

export interface ModelTimeouts {
  /** Until the first batch. */
  firstTokenMs: number;
  /** Between two batches. */
  idleMs: number;
}

/**
 * Passes a model's batches on and ends one that falls silent with PROVIDER_TIMEOUT. Time counts only while the model is
 * waited for. The signal that `open` gets aborts on a timeout, when `signal` aborts and when the consumer leaves; a
 * model that does not heed it is left behind.
 */
export async function* withTimeouts<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  { firstTokenMs, idleMs }: ModelTimeouts,
  signal: AbortSignal,
): AsyncIterable<T> {
  const own = new AbortController();
  const upstream = AbortSignal.any([signal, own.signal]);
  upstream.throwIfAborted();
  const batches = open(upstream)[Symbol.asyncIterator]();
  const silence = new SilenceTimer(firstTokenMs, () => own.abort(new ProviderFailure('PROVIDER_TIMEOUT', 'faulty')));
  const untilAbort = abortableWait(upstream);
  let over = false;
  try {
    for (;;) {
      silence.begin();
      const next = await untilAbort.until(batches.next());
      silence.end(idleMs);
      if (next.done) return void (over = true);
      yield next.value;
    }
  } finally {
    silence.stop();
    untilAbort.end();
    if (!over) own.abort();
    // Not awaited: the clean-up of a model that hangs would hang too.
    if (!over) void batches.return?.().then(undefined, () => undefined);
  }
}

/** One timer for all waits of an answer: a wait that ends in time leaves it running, the next one winds it up again. */
class SilenceTimer {
  private timer: NodeJS.Timeout;
  private isWaiting = false;
  private isFirst = true;

  constructor(
    firstMs: number,
    private readonly onSilence: () => void,
  ) {
    this.timer = this.start(firstMs);
  }

  begin(): void {
    this.isWaiting = true;
    this.timer.refresh();
  }

  /** @param nextMs what the following waits may take. */
  end(nextMs: number): void {
    this.isWaiting = false;
    if (!this.isFirst) return;
    this.isFirst = false;
    clearTimeout(this.timer);
    this.timer = this.start(nextMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.isWaiting && this.onSilence(), ms).unref();
  }
}

/** Waits for one promise after another, each until the signal aborts: one listener for all of them. */
function abortableWait(signal: AbortSignal) {
  let leave: ((reason: Error) => void) | undefined;
  const onAbort = (): void => leave?.(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    until: <T>(promise: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        leave = reject;
        if (signal.aborted) onAbort();
        promise.then(resolve, reject);
      }),
    end: (): void => signal.removeEventListener('abort', onAbort),
  };
}
