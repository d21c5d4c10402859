import { AnswerProgress, type Arrival } from './answer-progress.js';
import type { ClientError } from './client-error.js';
import type { StreamChunk, StreamEnd, StreamStart, ToolApproval, ToolCall, ToolReturned, UserMessage } from './wire.js';

/** Where the text of an answer goes as it comes. */
export interface AnswerListener {
  onText(added: string): void;
  /** The text so far was not the answer: this is. */
  onReplaced(text: string): void;
  /** The model calls a tool, gets a result, or waits for the person's approval. */
  onTool?(step: ToolStep): void;
}

/** What happens with a tool in the course of an answer. */
export type ToolStep =
  | { kind: 'call'; call: ToolCall }
  | { kind: 'returned'; returned: ToolReturned }
  | { kind: 'approval'; approval: ToolApproval };

/** What an answer begins with: a message, the wish for another answer, or a run that is there already. */
export type Opening =
  | { kind: 'message'; message: UserMessage }
  | { kind: 'regenerate'; messageId: string }
  | { kind: 'follow'; runId: string };

/** One message and its answer, over as many connections as it takes. */
export class Exchange {
  readonly progress = new AnswerProgress();
  /** Settles once: with the end of the run, or with the reason why there is none. */
  readonly end: Promise<StreamEnd>;
  runId: string | undefined;
  private lastToolSeq = -1;
  private readonly settled = Promise.withResolvers<StreamEnd>();

  constructor(
    readonly opening: Opening,
    private readonly listener: AnswerListener,
  ) {
    if (opening.kind === 'follow') this.runId = opening.runId;
    this.end = this.settled.promise;
  }

  /** Known by its message: a client hears of its other windows' streams too. */
  isStartedBy({ userMessageId, runId }: StreamStart): boolean {
    return this.opening.kind === 'message' ? userMessageId === this.opening.message.messageId : runId === this.runId;
  }

  /** Whether what it begins with may be sent twice: a message has an id that makes that harmless. */
  get isRepeatable(): boolean {
    return this.runId !== undefined || this.opening.kind === 'message';
  }

  begin(start: StreamStart): void {
    if (this.runId) return;
    this.runId = start.runId;
    this.progress.lastSeq = start.seq;
  }

  take(chunk: StreamChunk): Arrival {
    const arrival = this.progress.take(chunk);
    if (arrival === 'new') this.listener.onText(chunk.content);
    return arrival;
  }

  /** Each step once, also where it comes again with what is resumed. Of text it says nothing: chunks are counted. */
  takeTool(step: ToolStep, seq: number): void {
    if (seq <= this.lastToolSeq) return;
    this.lastToolSeq = seq;
    this.listener.onTool?.(step);
  }

  /** The end's own text, where it has one, wins over what was shown. */
  finish(end: StreamEnd): void {
    const shown = this.progress.text;
    if (end.text?.startsWith(shown)) {
      if (end.text.length > shown.length) this.listener.onText(end.text.slice(shown.length));
    } else if (end.text !== undefined) this.listener.onReplaced(end.text);
    this.settled.resolve(end);
  }

  fail(error: ClientError): void {
    this.settled.reject(error);
  }
}
