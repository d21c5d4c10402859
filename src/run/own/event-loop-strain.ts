/** How often the event loop is asked how late it is. */
const SAMPLE_MS = 250;
/** One long task is no overload: so many samples in a row must be late. */
const SAMPLES = 4;

/** Tells whether the event loop has been late for a second or more, without a break. Owns its timer. */
export class EventLoopStrain {
  private readonly timer: NodeJS.Timeout;
  private due: number;
  private lateInARow = 0;

  /** Late is what comes more than `limitMs` after its time. `now` is a monotonic clock of milliseconds. */
  constructor(
    private readonly limitMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.due = now() + SAMPLE_MS;
    this.timer = setInterval(() => this.sample(), SAMPLE_MS).unref();
  }

  get isStrained(): boolean {
    return this.lateInARow >= SAMPLES;
  }

  /** Called by the timer. */
  sample(): void {
    const now = this.now();
    this.lateInARow = now - this.due > this.limitMs ? this.lateInARow + 1 : 0;
    this.due = now + SAMPLE_MS;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
