import type { RunRecord } from '../../run/run-event.js';
import { Bell } from './bell.js';
import type { LogCopy } from './log-copy.js';

/**
 * Yields what a copy has from `from` on and what comes, until the log or the copy ends, or `signal` aborts. What is older
 * than the copy is fetched by `past`; where that finds nothing the log is gone.
 */
export async function* followCopy(
  copy: LogCopy,
  from: number,
  signal: AbortSignal,
  past: (seq: number) => Promise<readonly RunRecord[]>,
): AsyncIterable<readonly RunRecord[]> {
  const bell = new Bell(signal);
  copy.readers.add(bell);
  try {
    for (let next = from; !signal.aborted && next <= (copy.terminal?.seq ?? Infinity);) {
      const isPast = next < copy.firstSeq;
      const batch = isPast ? await past(next) : copy.batchFrom(next);
      next += batch.length;
      if (batch.length > 0) yield batch;
      else if (isPast || copy.end) return;
      else await bell.wait();
    }
  } finally {
    copy.readers.delete(bell);
    bell.close();
  }
}
