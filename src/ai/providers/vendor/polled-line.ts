/** Ticks that must have brought something right behind one that did before it is worth while to look at each. */
const STEADY_HITS = 3;
/** So many in a row that brought nothing end that. */
const VAIN_LOOKS = 3;

/**
 * A connection that can be looked at instead of being watched by the event loop: what comes stays with the system until
 * somebody asks.
 */
export interface PolledLine {
  /** Has the event loop tell nothing any more. False where this connection has no other way. */
  unwatch(): boolean;
  /** Has what came meanwhile arrive now, up to 64 KiB of it. */
  poll(): void;
  /** Has the event loop tell again, also of the end and of errors. */
  watch(): void;
}

/**
 * Whether something comes at every tick: then to look at the tick costs less than to be told of each packet, which is a
 * turn of the event loop and a read for each.
 */
export class Steadiness {
  private hits = 0;
  private vain = 0;

  get isSteady(): boolean {
    return this.hits >= STEADY_HITS;
  }

  /** A tick brought something; `isNext` where the one before it did, too. What is steady already may miss one or two. */
  hit(isNext: boolean): void {
    this.hits = isNext || this.isSteady ? this.hits + 1 : 0;
    this.vain = 0;
  }

  /** A look found nothing. */
  miss(): void {
    if (++this.vain >= VAIN_LOOKS) this.hits = 0;
  }
}
