/** Something whose gathered text is due. */
export interface Flushable {
  flush(): void;
}

const IDLE_MS = 4;
const BUSY_MS = 25;
const MS_PER_FLUSH = 0.5;

/**
 * One timer for all running answers. Text waits a few milliseconds on a quiet server and up to 25 ms on a busy one,
 * where one record then carries several tokens; the cost per token falls as the load rises.
 */
export class FlushTick {
  private due = new Set<Flushable>();
  private timer: NodeJS.Timeout | undefined;
  private intervalMs = IDLE_MS;

  /** Flushes `item` at the next tick, however often it asks. */
  schedule(item: Flushable): void {
    this.due.add(item);
    this.timer ??= setTimeout(this.tick, this.intervalMs);
  }

  cancel(item: Flushable): void {
    this.due.delete(item);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.due.clear();
  }

  private readonly tick = (): void => {
    const items = this.due;
    this.due = new Set();
    this.timer = undefined;
    this.intervalMs = Math.min(BUSY_MS, IDLE_MS + items.size * MS_PER_FLUSH);
    for (const item of items) item.flush();
  };
}
