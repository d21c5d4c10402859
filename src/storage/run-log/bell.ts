/**
 * A wake-up that is remembered: a ring between two waits ends the next wait at once. For one waiter. The end of
 * `signal` rings too, so that a waiter can look and leave.
 */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.ring, { once: true });
    if (signal.aborted) this.rung = true;
  }

  readonly ring = (): void => {
    this.rung = true;
    this.wake?.();
  };

  async wait(): Promise<void> {
    if (!this.rung) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
    this.rung = false;
  }

  close(): void {
    this.signal.removeEventListener('abort', this.ring);
  }
}

/** Somebody to be woken. */
export interface Wakeable {
  ring(): void;
}

/** Wakes everybody who waits. */
export function ringAll(bells: ReadonlySet<Wakeable>): void {
  for (const bell of bells) bell.ring();
}
