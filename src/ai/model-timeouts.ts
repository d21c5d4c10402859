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
  const late = (): void => own.abort(new ProviderFailure('PROVIDER_TIMEOUT', 'faulty'));
  const wait = abortableWait(upstream);
  let over = false;
  try {
    for (let limitMs = firstTokenMs; ; limitMs = idleMs) {
      const timer = setTimeout(late, limitMs).unref();
      const next = await wait.until(batches.next(), timer);
      if (next.done) return void (over = true);
      yield next.value;
    }
  } finally {
    wait.end();
    if (!over) own.abort();
    // Not awaited: the clean-up of a model that hangs would hang too.
    if (!over) void batches.return?.().then(undefined, () => undefined);
  }
}

/** Waits for one promise after another, each until the signal aborts: one listener for all of them. */
function abortableWait(signal: AbortSignal) {
  let leave: ((reason: Error) => void) | undefined;
  const onAbort = (): void => leave?.(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    until: <T>(promise: Promise<T>, timer: NodeJS.Timeout): Promise<T> =>
      new Promise((resolve, reject) => {
        leave = (reason) => {
          clearTimeout(timer);
          reject(reason);
        };
        if (signal.aborted) onAbort();
        promise.then((value) => {
          clearTimeout(timer);
          resolve(value);
        }, leave);
      }),
    end: (): void => signal.removeEventListener('abort', onAbort),
  };
}
