import { loadTokenizer } from '../../../common/token-count.js';
import type { ModelPart, ModelRequest } from '../../chat-model.port.js';
import type { AnswerBody } from './answer-body.js';
import { AnswerScanner } from './answer-scanner.js';
import { CompletionAnswer } from './completion-answer.js';
import { toProviderFailure, type VendorErrors } from './provider-failure.js';
import { readTick } from './read-tick.js';

type Batch = IteratorResult<readonly ModelPart[], undefined>;

const DONE: Batch = { done: true, value: undefined };

/** Where an answer comes from. */
export interface AnswerOrigin {
  open(): Promise<AnswerBody>;
  readonly errors: VendorErrors;
}

/**
 * Reads one answer, a batch being what came between two reads. Not a generator: every token of every answer passes here,
 * and this makes one promise of a batch where a generator makes six.
 */
export class AnswerReader implements AsyncIterableIterator<readonly ModelPart[], undefined> {
  private readonly answer: CompletionAnswer;
  private readonly scanner: AnswerScanner;
  private body: AnswerBody | undefined;
  /** Nothing more is read: only the end is to be given. */
  private isRead = false;
  private isOver = false;
  private waiting: PromiseWithResolvers<Batch> | undefined;

  constructor(
    request: ModelRequest,
    private readonly origin: AnswerOrigin,
    private readonly signal: AbortSignal,
  ) {
    this.answer = new CompletionAnswer(request);
    this.scanner = new AnswerScanner(this.answer);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One at a time: the next is asked for when this one has come. */
  next(): Promise<Batch> {
    if (this.isOver) return Promise.resolve(DONE);
    const { promise } = (this.waiting = Promise.withResolvers());
    if (this.isRead) void this.conclude();
    else if (this.body) this.read();
    else void this.begin();
    return promise;
  }

  /** Nobody reads any more. */
  async return(): Promise<Batch> {
    this.isOver = true;
    this.body?.leave();
    this.waiting?.resolve(DONE);
    return DONE;
  }

  private async begin(): Promise<void> {
    try {
      this.signal.throwIfAborted();
      this.body = await this.origin.open();
    } catch (error) {
      return this.fail(error);
    }
    if (this.isOver) this.body.leave();
    else this.read();
  }

  /** Nobody waits for the first text; what follows is taken together. */
  private read(): void {
    this.body!.read(this.answer.begun ? readTick : undefined, this.onText);
  }

  private readonly onText = (text: string | undefined, broken?: Error): void => {
    let parts: ModelPart[];
    try {
      this.signal.throwIfAborted();
      if (broken) throw broken;
      parts = text === undefined ? [] : this.scanner.take(text);
    } catch (error) {
      return this.fail(error);
    }
    if (this.answer.finished) this.body!.expectEnd();
    this.isRead = text === undefined || this.scanner.done;
    if (parts.length > 0) this.waiting!.resolve({ done: false, value: parts });
    else if (this.isRead) void this.conclude();
    else this.read();
  };

  private fail(error: unknown): void {
    this.isRead = true;
    // A connection that breaks behind the finish took nothing away but the vendor's count.
    if (this.answer.finished && !this.signal.aborted) return void this.conclude();
    this.end();
    this.waiting!.reject(this.signal.aborted ? this.signal.reason : toProviderFailure(error, this.origin.errors));
  }

  private async conclude(): Promise<void> {
    const { answer, signal, waiting } = this;
    this.end();
    try {
      if (answer.finished && !answer.counted) await loadTokenizer();
      signal.throwIfAborted();
      waiting!.resolve({ done: false, value: answer.end() });
    } catch (error) {
      waiting!.reject(error);
    }
  }

  private end(): void {
    this.isOver = true;
    this.body?.leave();
  }
}
