const IDLE_MS = 4;
const BUSY_MS = 50;
const MS_PER_STEADY_READER = 0.42;
/** Who reads again so soon has several tokens to read where it waits; others would wait for nothing. */
const STEADY_MS = 100;
/** A tick that comes later than so many times its interval is not the next one. */
const LATE = 1.6;
/** Readers that go together; more are spread over the time to the next tick, so that what begins meanwhile need not wait for all. */
const AT_ONCE = 64;

/**
 * The pace at which answers are read from their vendors, one timer for all of them: a few milliseconds from one tick to
 * the next on a quiet server, some 25 ms with 50 fast answers at a time, up to 50 ms on a busy one. What arrives meanwhile
 * is one read, and so one way through router, engine, log and frame for several tokens, and all answers go it together;
 * the cost per token falls as the load rises. Very many go in slices, one after another within the tick's time.
 */
export class ReadTick {
  private readers: (() => void)[] = [];
  private intervalMs = IDLE_MS;
  private latestAt = -Infinity;
  private steadyReaders = 0;

  /** The time of the latest tick, in milliseconds of `performance.now()`. */
  get at(): number {
    return this.latestAt;
  }

  /** Whether a reader that went before at the tick `readAt` has missed none until the latest. */
  follows(readAt: number): boolean {
    return this.latestAt - readAt < this.intervalMs * LATE;
  }

  /**
   * Calls `go` at the next tick, which is now where the latest is long enough past; but not for who has nothing to read
   * yet.
   * @param readAt the tick at which this reader went before.
   */
  enter(readAt: number, go: () => void, hasSomething = true): void {
    if (this.latestAt - readAt < STEADY_MS) this.steadyReaders++;
    this.readers.push(go);
    if (this.readers.length > 1) return;
    const waitMs = this.latestAt + this.intervalMs - performance.now();
    if (waitMs > 0 || !hasSomething) setTimeout(this.tick, waitMs);
    else this.tick();
  }

  private readonly tick = (): void => {
    const readers = this.readers;
    this.readers = [];
    this.latestAt = performance.now();
    this.intervalMs = Math.min(BUSY_MS, IDLE_MS + this.steadyReaders * MS_PER_STEADY_READER);
    this.steadyReaders = 0;
    this.letGo(readers, 0, this.intervalMs / Math.ceil(readers.length / AT_ONCE));
  };

  private letGo(readers: readonly (() => void)[], from: number, sliceMs: number): void {
    const to = Math.min(from + AT_ONCE, readers.length);
    for (let at = from; at < to; at++) readers[at]!();
    if (to < readers.length) setTimeout(() => this.letGo(readers, to, sliceMs), sliceMs);
  }
}

/** That of this process. */
export const readTick = new ReadTick();
