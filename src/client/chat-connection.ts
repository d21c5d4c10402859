import { v4 as newId } from 'uuid';
import { ClientError, DISCONNECTED } from './client-error.js';
import { type AnswerListener, Exchange, type Opening, type ToolStep } from './exchange.js';
import { SessionSocket } from './session-socket.js';
import type { TokenSource } from './token-source.js';
import type {
  BranchSwitched,
  ClientRequests,
  HistoryMessage,
  StreamChunk,
  StreamEnd,
  StreamStart,
  ToolApproval,
  UserMessage,
  WireError,
} from './wire.js';

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
  /** Every event from the server, as it came. */
  onFrame?(event: string, payload: unknown): void;
}

/** A message as a person writes it; its conversation and its id are the chat's business. */
export type Say = Omit<UserMessage, 'messageId' | 'conversationId'>;

/**
 * A chat with a Talksy server: one message at a time, its answer as a stream without a lost or repeated chunk,
 * whatever happens to the connection meanwhile.
 */
export class ChatConnection {
  private readonly socket: SessionSocket;
  private readonly opening = Promise.withResolvers<void>();
  private isOpen = false;
  private isOver = false;
  private readonly waiting: (() => void)[] = [];
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
    if (listener.onFrame) events.onAny((event: string, payload: unknown) => listener.onFrame?.(event, payload));
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
    this.isOver = true;
    this.wakeAll();
    this.socket.close();
    this.exchange?.fail(new ClientError(DISCONNECTED, 'the chat was closed'));
  }

  /** The conversation that messages go to; undefined before the first message of a new one. */
  get conversation(): string | undefined {
    return this.conversationId;
  }

  /** Moves to another conversation, or to a new one. Not while an answer is under way. */
  enter(conversationId: string | undefined): void {
    if (this.exchange) throw busy();
    this.conversationId = conversationId;
  }

  /** Sends a message and resolves with the end of its answer. One at a time. */
  async send(say: string | Say, answer: AnswerListener): Promise<StreamEnd> {
    const said = typeof say === 'string' ? { text: say } : say;
    const message = { ...said, messageId: newId(), conversationId: this.conversationId ?? null };
    return this.exchangeOf({ kind: 'message', message }, answer);
  }

  /** Has the message answered once more; the answers that are there stay beside the new one. */
  async regenerate(messageId: string, answer: AnswerListener): Promise<StreamEnd> {
    return this.exchangeOf({ kind: 'regenerate', messageId }, answer);
  }

  /** Reads an answer from its beginning that was asked for elsewhere, or before this page was loaded. */
  async follow(runId: string, answer: AnswerListener): Promise<StreamEnd> {
    return this.exchangeOf({ kind: 'follow', runId }, answer);
  }

  private async exchangeOf(opening: Opening, answer: AnswerListener): Promise<StreamEnd> {
    if (this.exchange) throw busy();
    const exchange = new Exchange(opening, answer);
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
    return this.conversationId ? this.ask('get_history', { conversationId: this.conversationId }) : [];
  }

  /** Shows the newest branch through this message from now on. */
  async switchBranch(messageId: string): Promise<BranchSwitched> {
    return this.ask('switch_branch', { messageId });
  }

  /** Sends a request that may be sent once only, now or when the connection is back. Rejects with a ClientError. */
  async askOnce<E extends keyof ClientRequests>(
    event: E,
    payload: ClientRequests[E][0],
  ): Promise<ClientRequests[E][1]> {
    await this.untilReady();
    return this.socket.requests.send(event, payload);
  }

  /** Sends a request that may be sent again, now or when the connection is back. Rejects with a ClientError. */
  async ask<E extends keyof ClientRequests>(event: E, payload: ClientRequests[E][0]): Promise<ClientRequests[E][1]> {
    for (;;) {
      try {
        return await this.askOnce(event, payload);
      } catch (error) {
        if (!(error instanceof ClientError && error.code === DISCONNECTED) || this.isOver) throw error;
      }
    }
  }

  /** Cuts the connection as a lost network would; it comes back by itself. */
  cut(): void {
    this.socket.events.io.engine.close();
  }

  private async untilReady(): Promise<void> {
    if (this.isOver) throw new ClientError(DISCONNECTED, 'the chat was closed');
    if (!this.socket.ready) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wakeAll(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  private onSession(): void {
    if (this.isOpen) this.listener.onRestored();
    this.isOpen = true;
    this.opening.resolve();
    this.wakeAll();
    if (this.exchange) this.proceed(this.exchange);
  }

  private onClosed(error: ClientError): void {
    clearTimeout(this.retryTimer);
    this.isOver = true;
    this.wakeAll();
    this.exchange?.fail(error);
    if (this.isOpen) this.listener.onClosed(error);
    else this.opening.reject(error);
  }

  /** Sends the message, or, where its run is known, asks for what is missing of the answer. */
  private proceed(exchange: Exchange): void {
    clearTimeout(this.retryTimer);
    // Without a session the next one takes it up.
    if (!this.socket.ready) return;
    const step = this.next(exchange);
    void step.catch((error: ClientError) => this.onRefused(exchange, error)).finally(() => (this.fillingGap = false));
  }

  private async next(exchange: Exchange): Promise<void> {
    const { runId, opening, progress } = exchange;
    const { requests } = this.socket;
    if (runId) return void (await requests.send('resume_stream', { runId, afterSeq: progress.lastSeq }));
    const start =
      opening.kind === 'message'
        ? await requests.send('user_message_stream', opening.message)
        : await requests.send('regenerate', { messageId: (opening as { messageId: string }).messageId });
    exchange.begin(start);
    this.conversationId = start.conversationId;
    // What came before its run was known was left out, perhaps all of it: only a message is known by an id of ours.
    if (opening.kind !== 'message') await requests.send('resume_stream', { runId: start.runId, afterSeq: start.seq });
  }

  private onRefused(exchange: Exchange, error: ClientError): void {
    // The next session takes it up.
    if (exchange !== this.exchange || (error.code === DISCONNECTED && exchange.isRepeatable)) return;
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
    const { exchange } = this;
    // The result of a person's own call belongs to no run.
    if (exchange?.runId !== undefined && runId === exchange.runId) exchange.takeTool(step, seq);
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

const busy = (): ClientError => new ClientError('RUN_IN_PROGRESS', 'the last message is still being answered');
