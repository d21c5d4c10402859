import { TalksyError } from '../common/errors/talksy-error.js';

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
  const late = (): void => own.abort(new TalksyError('PROVIDER_TIMEOUT'));
  let over = false;
  try {
    for (let limitMs = firstTokenMs; ; limitMs = idleMs) {
      const timer = setTimeout(late, limitMs);
      const next = await orAbort(batches.next(), upstream).finally(() => clearTimeout(timer));
      if (next.done) return void (over = true);
      yield next.value;
    }
  } finally {
    if (!over) own.abort();
    // Not awaited: the clean-up of a model that hangs would hang too.
    if (!over) void batches.return?.().then(undefined, () => undefined);
  }
}

/** Settles as `promise` does, or rejects with the signal's reason. A listener a call, so that nothing piles up on it. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
