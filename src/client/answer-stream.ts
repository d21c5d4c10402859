import type { AnswerListener, ToolStep } from './exchange.js';
import { ClientError } from './client-error.js';
import type { StreamEnd } from './wire.js';

/** What the one who asked wants of an answer on its way. */
export interface AnswerWishes {
  /** Aborting stops the answer on the server: what was written is kept there, and the iteration ends. */
  signal?: AbortSignal;
  /** The model calls a tool, gets its result, or waits for a decision. */
  onTool?: (step: ToolStep) => void;
}

/**
 * An answer as it is written: iterate it once for its pieces of text, in order, none lost or repeated. Throws a
 * ClientError where the answer failed; leaving the loop early stops the answer.
 */
export class AnswerStream implements AsyncIterable<string>, AnswerListener {
  /** The text so far; once `end` resolves, the stored answer, also where the server replaced what was shown. */
  text = '';
  /** How the answer ended. */
  readonly end: Promise<StreamEnd>;
  private readonly settled = Promise.withResolvers<StreamEnd>();
  private unread = '';
  private isOver = false;
  private wake: (() => void) | undefined;

  /** @param stop asks the server to end this answer. */
  constructor(
    private readonly wishes: AnswerWishes,
    private readonly stop: () => void,
  ) {
    this.end = this.settled.promise;
    // Whoever only iterates hears of a failure there.
    this.end.catch(() => undefined);
    wishes.signal?.addEventListener('abort', this.stop, { once: true });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void> {
    try {
      for (;;) {
        if (this.unread) yield this.takeUnread();
        else if (this.isOver) break;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
      const { finishReason, error } = await this.end;
      if (finishReason === 'error')
        throw error ? ClientError.fromWire(error) : new ClientError('PROVIDER_ERROR', 'the answer failed');
    } finally {
      if (!this.isOver) this.stop();
    }
  }

  /** Takes the next piece of the answer. */
  onText(added: string): void {
    this.text += added;
    this.unread += added;
    this.wake?.();
  }

  /** Takes the answer that stands in place of what came; pieces already read are not taken back. */
  onReplaced(text: string): void {
    this.text = text;
  }

  /** Tells whoever asked of a step of a tool. */
  onTool(step: ToolStep): void {
    this.wishes.onTool?.(step);
  }

  /** Ends it as the server or the connection did. */
  settle(ended: Promise<StreamEnd>): void {
    this.settled.resolve(ended);
    void ended.catch(() => undefined).finally(() => this.finish());
  }

  private finish(): void {
    this.isOver = true;
    this.wishes.signal?.removeEventListener('abort', this.stop);
    this.wake?.();
  }

  private takeUnread(): string {
    const piece = this.unread;
    this.unread = '';
    return piece;
  }
}
