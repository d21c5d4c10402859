/** Something whose gathered text is due. */
export interface Flushable {
  flush(): void;
}

/**
 * Flushes what all running answers have gathered when the event loop's turn ends: all that one read of their vendors
 * brought goes to the log together. How often vendors are read is paced where they are (`ReadTick`).
 */
export class FlushTick {
  private due = new Set<Flushable>();
  private turnEnd: NodeJS.Immediate | undefined;

  /** Flushes `item` at the end of this turn, however often it asks. */
  schedule(item: Flushable): void {
    this.due.add(item);
    this.turnEnd ??= setImmediate(this.tick);
  }

  cancel(item: Flushable): void {
    this.due.delete(item);
  }

  stop(): void {
    clearImmediate(this.turnEnd);
    this.turnEnd = undefined;
    this.due.clear();
  }

  private readonly tick = (): void => {
    const items = this.due;
    this.due = new Set();
    this.turnEnd = undefined;
    for (const item of items) item.flush();
  };
}
