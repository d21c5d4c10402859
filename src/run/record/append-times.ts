import type { RunMetrics } from '../run-metrics.service.js';
import type { RunRecord } from '../run-event.js';

/** Tells the metrics how long one answer's appends and the pauses between its chunks took: one clock a chunk. */
export class AppendTimes {
  private lastText: number | undefined;
  private startedAt: number;

  /** @param isNew whether the answer has no text yet. */
  constructor(
    private readonly metrics: RunMetrics,
    private readonly isNew: boolean,
  ) {
    this.startedAt = performance.now();
  }

  /** A batch is about to be appended; the time that `appended` is to be given. */
  begin(): number {
    return performance.now();
  }

  appended(since: number, batch: readonly RunRecord[]): void {
    const now = performance.now();
    this.metrics.appended(now - since);
    if (!batch.some(({ type }) => type === 'text.delta')) return;
    if (this.lastText !== undefined) this.metrics.nextText(now - this.lastText);
    else if (this.isNew) this.metrics.firstText(now - this.startedAt);
    this.lastText = now;
  }
}
