import { isUnreachable } from './redis-errors.js';

/** What one script does with many items. */
export interface BatchedWork<Item> {
  /** How many items from `from` on may go in one script, at least one: a bound on how long Redis does nothing else. */
  sizeFrom(items: readonly Item[], from: number): number;
  /** Does it and tells each item what came of it; rejects only where none has been told. May be done again. */
  send(batch: readonly Item[]): Promise<void>;
  /** Tells the item that it could not be done. */
  fail(item: Item, error: unknown): void;
}

/** Does together what is asked for in one turn of the event loop, instead of by a command for each. */
export class ScriptBatch<Item> {
  private waiting: Item[] = [];

  constructor(private readonly work: BatchedWork<Item>) {}

  add(item: Item): void {
    this.waiting.push(item);
    if (this.waiting.length === 1) process.nextTick(this.sendAll);
  }

  private readonly sendAll = (): void => {
    const all = this.waiting;
    this.waiting = [];
    for (let from = 0, to = 0; from < all.length; from = to) {
      to = from + this.work.sizeFrom(all, from);
      void this.send(all.slice(from, to));
    }
  };

  private async send(batch: readonly Item[]): Promise<void> {
    try {
      await this.work.send(batch);
    } catch (error) {
      // What is wrong with one must not be the end of the others.
      if (batch.length > 1 && !isUnreachable(error)) for (const item of batch) void this.send([item]);
      else for (const item of batch) this.work.fail(item, error);
    }
  }
}
