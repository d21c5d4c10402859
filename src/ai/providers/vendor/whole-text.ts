const ENDS_IN_HALF = /[\uD800-\uDBFF]$/;

/** Text that arrives in pieces, some of which end in the middle of a surrogate pair. */
export class WholeText {
  private half = '';

  /** What can be shown of it now: a half is held until its partner comes. */
  take(piece: string): string {
    const text = this.half + piece;
    this.half = ENDS_IN_HALF.exec(text)?.[0] ?? '';
    return text.slice(0, text.length - this.half.length).toWellFormed();
  }

  /** What was held, if its partner never came: the replacement character. */
  rest(): string {
    const rest = this.half.toWellFormed();
    this.half = '';
    return rest;
  }
}
