import { randomUUID } from 'node:crypto';
import { ClientError, DISCONNECTED } from './client-error.js';
import { type AnswerListener, Exchange, type ToolStep } from './exchange.js';
import { SessionSocket } from './session-socket.js';
import type { TokenSource } from './token-source.js';
import type { HistoryMessage, StreamChunk, StreamEnd, StreamStart, ToolApproval, WireError } from './wire.js';

const RETRY_MS = 500;
/** A server that leaves the same gap so often has lost the text. */
const MAX_GAPS = 5;

export interface ChatListener {
  /** The connection broke; an answer under way goes on by itself when it is back. */
  onLost(): void;
  onRestored(): void;
  /** The connection is over and stays so. */
  onClosed(error: ClientError): void;
  /** The server complains about something that no pending call will hear of. */
  onServerError(error: WireError): void;
}

/**
 * A chat with a Talksy server: one message at a time, its answer as a stream without a lost or repeated chunk,
 * whatever happens to the connection meanwhile.
 */
export class ChatConnection {
  private readonly socket: SessionSocket;
  private readonly opening = Promise.withResolvers<void>();
  private isOpen = false;
  private exchange: Exchange | undefined;
  private gaps = 0;
  private fillingGap = false;
  private conversationId: string | undefined;
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(
    url: string,
    tokens: TokenSource,
    private readonly listener: ChatListener,
  ) {
    this.socket = new SessionSocket(url, tokens, {
      onSession: () => this.onSession(),
      onLost: () => this.isOpen && this.listener.onLost(),
      onClosed: (error) => this.onClosed(error),
      onServerError: (error) => this.listener.onServerError(error),
    });
    const { events } = this.socket;
    events.on('stream_queued', (queued) => this.onStart(queued));
    events.on('stream_start', (start) => this.onStart(start));
    events.on('stream_chunk', (chunk) => this.onChunk(chunk));
    events.on('stream_end', (end) => this.onEnd(end));
    events.on('tool_call', (call) => this.onTool(call, { kind: 'call', call }));
    events.on('tool_result', (returned) => this.onTool(returned, { kind: 'returned', returned }));
    events.on('tool_approval', (approval) => this.onTool(approval, { kind: 'approval', approval }));
  }

  /** Resolves when the session is open; rejects with a ClientError when it cannot be. */
  open(): Promise<void> {
    this.socket.open();
    return this.opening.promise;
  }

  close(): void {
    clearTimeout(this.retryTimer);
    this.socket.close();
    this.exchange?.fail(new ClientError(DISCONNECTED, 'the chat was closed'));
  }

  /** Sends a message and resolves with the end of its answer. One at a time. */
  async send(text: string, answer: AnswerListener): Promise<StreamEnd> {
    if (this.exchange) throw new ClientError('RUN_IN_PROGRESS', 'the last message is still being answered');
    const exchange = new Exchange({ text, messageId: randomUUID(), conversationId: this.conversationId }, answer);
    this.exchange = exchange;
    this.gaps = 0;
    this.fillingGap = false;
    this.proceed(exchange);
    return exchange.end.finally(() => {
      if (this.exchange === exchange) this.exchange = undefined;
    });
  }

  /** Asks the server to end the present answer; its stream then ends as `cancelled`. */
  async stop(): Promise<void> {
    const runId = this.exchange?.runId;
    await this.socket.requests.send('stop_stream', runId ? { runId } : {});
  }

  /** Lets the model's call be made, or not. */
  async decide({ runId, callId }: ToolApproval, approve: boolean): Promise<void> {
    await this.socket.requests.send(approve ? 'approve_tool' : 'deny_tool', { runId, callId });
  }

  /** The conversation so far, oldest first. */
  async history(): Promise<HistoryMessage[]> {
    return this.conversationId ? this.socket.requests.send('get_history', { conversationId: this.conversationId }) : [];
  }

  private onSession(): void {
    if (this.isOpen) this.listener.onRestored();
    this.isOpen = true;
    this.opening.resolve();
    if (this.exchange) this.proceed(this.exchange);
  }

  private onClosed(error: ClientError): void {
    clearTimeout(this.retryTimer);
    this.exchange?.fail(error);
    if (this.isOpen) this.listener.onClosed(error);
    else this.opening.reject(error);
  }

  /** Sends the message, or, where its run is known, asks for what is missing of the answer. */
  private proceed(exchange: Exchange): void {
    clearTimeout(this.retryTimer);
    // Without a session the next one takes it up.
    if (!this.socket.ready) return;
    const { runId, message, progress } = exchange;
    const step = runId
      ? this.socket.requests.send('resume_stream', { runId, afterSeq: progress.lastSeq })
      : this.socket.requests.send('user_message_stream', message).then((start) => this.onStart(start));
    void step.catch((error: ClientError) => this.onRefused(exchange, error)).finally(() => (this.fillingGap = false));
  }

  private onRefused(exchange: Exchange, error: ClientError): void {
    // The next session takes it up.
    if (exchange !== this.exchange || error.code === DISCONNECTED) return;
    if (exchange.runId && error.isPassing) this.proceedLater(exchange, error.retryAfterMs ?? RETRY_MS);
    else exchange.fail(error);
  }

  private proceedLater(exchange: Exchange, delayMs: number): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => exchange === this.exchange && this.proceed(exchange), delayMs);
  }

  private onStart(start: StreamStart): void {
    if (!this.exchange?.isStartedBy(start)) return;
    this.exchange.begin(start);
    this.conversationId = start.conversationId;
  }

  private onChunk(chunk: StreamChunk): void {
    const { exchange } = this;
    if (!exchange || chunk.runId !== exchange.runId) return;
    const arrival = exchange.take(chunk);
    if (arrival === 'new') this.gaps = 0;
    if (arrival === 'gap') this.fillGap(exchange);
  }

  private onTool({ runId, seq }: { runId: string; seq: number }, step: ToolStep): void {
    if (runId === this.exchange?.runId) this.exchange.takeTool(step, seq);
  }

  private onEnd(end: StreamEnd): void {
    const { exchange } = this;
    if (!exchange || end.runId !== exchange.runId) return;
    if (!exchange.progress.isComplete(end)) return this.fillGap(exchange);
    this.exchange = undefined;
    exchange.finish(end);
  }

  /** Frames behind a gap are left out: the server sends them again. */
  private fillGap(exchange: Exchange): void {
    if (this.fillingGap) return;
    this.fillingGap = true;
    this.gaps += 1;
    if (this.gaps > MAX_GAPS) exchange.fail(new ClientError('ANSWER_LOST', 'part of the answer was lost'));
    else this.proceed(exchange);
  }
}
