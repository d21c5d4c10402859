/** Joins what several workers put in into one stream of batches, in order. One reader. */
export class Outbox<T> {
  private items: T[] = [];
  private wake: (() => void) | undefined;

  put(...items: T[]): void {
    this.items.push(...items);
    this.wake?.();
  }

  /** Everything that is put in until `work` is over. Rejects as `work` does, at once. */
  async *during(work: Promise<unknown>): AsyncGenerator<readonly T[], void> {
    let over: { error?: unknown } | undefined;
    const end = (how: { error?: unknown }): void => {
      over = how;
      this.wake?.();
    };
    work.then(
      () => end({}),
      (error: unknown) => end({ error }),
    );
    while (!over || this.items.length > 0) {
      if (over && 'error' in over) throw over.error;
      if (this.items.length > 0) yield this.items.splice(0);
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if ('error' in over) throw over.error;
  }
}
