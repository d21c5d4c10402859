const IDLE_MS = 4;
const BUSY_MS = 50;
const MS_PER_READER = 0.4;

/**
 * The pace at which answers are read from their vendors, one timer for all of them: a few milliseconds between two reads
 * on a quiet server, 24 ms with 50 readers at a time, up to 50 ms on a busy one. What arrives meanwhile is one read, and so one way through router,
 * engine, log and frame for several tokens; the cost per token falls as the load rises.
 */
export class ReadTick {
  private readers: (() => void)[] = [];
  private intervalMs = IDLE_MS;

  /** Resolves at the next tick. There is a timer only while somebody waits. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.readers.push(resolve);
      if (this.readers.length === 1) setTimeout(this.tick, this.intervalMs);
    });
  }

  private readonly tick = (): void => {
    const readers = this.readers;
    this.readers = [];
    this.intervalMs = Math.min(BUSY_MS, IDLE_MS + readers.length * MS_PER_READER);
    for (const go of readers) go();
  };
}

/** That of this process. */
export const readTick = new ReadTick();
