/** Something whose gathered text is due. */
export interface Flushable {
  /** Kept by the tick: whether it is to be flushed. A flag and no set, which would hash every recorder at every token. */
  isDue: boolean;
  flush(): void;
}

/**
 * Flushes what all running answers have gathered when the event loop's turn ends: all that one read of their vendors
 * brought goes to the log together. How often vendors are read is paced where they are (`ReadTick`).
 */
export class FlushTick {
  private due: Flushable[] = [];
  private turnEnd: NodeJS.Immediate | undefined;

  /** Flushes `item` at the end of this turn, however often it asks. */
  schedule(item: Flushable): void {
    if (item.isDue) return;
    item.isDue = true;
    this.due.push(item);
    this.turnEnd ??= setImmediate(this.tick);
  }

  cancel(item: Flushable): void {
    item.isDue = false;
  }

  stop(): void {
    clearImmediate(this.turnEnd);
    this.turnEnd = undefined;
    this.due = [];
  }

  private readonly tick = (): void => {
    const items = this.due;
    this.due = [];
    this.turnEnd = undefined;
    for (const item of items) {
      if (!item.isDue) continue;
      item.isDue = false;
      item.flush();
    }
  };
}
