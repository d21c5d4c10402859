import { AnswerStream, type AnswerWishes } from './answer-stream.js';
import type { AnswerListener } from './exchange.js';
import { ChatConnection, type Say } from './chat-connection.js';
import { ClientError } from './client-error.js';
import { RestClient } from './rest-client.js';
import { TokenSource } from './token-source.js';
import type {
  BranchSwitched,
  ConversationForked,
  Credentials,
  HistoryMessage,
  StreamEnd,
  ToolApproval,
  TokenPair,
} from './wire.js';

export type { AnswerStream, AnswerWishes } from './answer-stream.js';
export type { Say } from './chat-connection.js';
export type { ToolStep } from './exchange.js';
export type {
  Attachment,
  BranchSwitched,
  ConversationForked,
  Credentials,
  HistoryMessage,
  StreamEnd,
  ToolApproval,
  TokenPair,
} from './wire.js';
export { ClientError } from './client-error.js';

/** Who connects: by email and password, or by tokens that a sign-in elsewhere gave; they are refreshed when due. */
export interface TalksyOptions {
  signIn: Credentials | TokenPair;
  /** The connection broke (`false`) and is being restored, or is back (`true`). Answers go on by themselves. */
  onConnection?: (isUp: boolean) => void;
  /** The connection is over for good, for example because the sign-in was revoked. */
  onClosed?: (error: ClientError) => void;
  /** New tokens, which a client that is to survive a reload keeps: the old refresh token is spent. */
  onTokens?: (pair: TokenPair) => void;
  /** Every event from the server, as it came. */
  onFrame?: (event: string, payload: unknown) => void;
}

/**
 * A signed-in client of one conversation with a Talksy server: `for await (const piece of talksy.stream(text))` gives
 * the answer whole, whatever happens to the connection meanwhile. Every failure is a ClientError.
 */
export class TalksyClient {
  private readonly connection: ChatConnection;
  private stopping = false;
  private isStopUnderWay = false;
  private isAnswering = false;

  private constructor(
    url: string,
    private readonly rest: RestClient,
    private readonly tokens: TokenSource,
    options: TalksyOptions,
  ) {
    this.connection = new ChatConnection(url, tokens, {
      onLost: () => options.onConnection?.(false),
      onRestored: () => this.onRestored(options),
      onClosed: (error) => options.onClosed?.(error),
      onServerError: () => undefined,
      ...(options.onFrame && { onFrame: options.onFrame }),
    });
  }

  /** Resolves when the session is open. `url` is the server's origin, such as `http://localhost:3000`. */
  static async connect(url: string, options: TalksyOptions): Promise<TalksyClient> {
    const origin = url.replace(/\/+$/, '');
    const rest = new RestClient(origin);
    const pair = 'accessToken' in options.signIn ? options.signIn : await rest.login(options.signIn);
    options.onTokens?.(pair);
    const client = new TalksyClient(origin, rest, new TokenSource(rest, pair, Date.now, options.onTokens), options);
    await client.connection.open();
    return client;
  }

  /** Makes an account and connects as it. */
  static async register(url: string, options: TalksyOptions & { signIn: Credentials }): Promise<TalksyClient> {
    const signIn = await new RestClient(url.replace(/\/+$/, '')).register(options.signIn);
    return TalksyClient.connect(url, { ...options, signIn });
  }

  /** The conversation that messages go to; undefined before the first message of a new one. */
  get conversationId(): string | undefined {
    return this.connection.conversation;
  }

  /** Moves to another conversation, or without an id to a new one. Throws RUN_IN_PROGRESS while an answer is under way. */
  enter(conversationId?: string): void {
    this.connection.enter(conversationId);
  }

  /** Sends a message; its answer begins at once, also before it is read. One at a time. */
  stream(say: string | Say, wishes: AnswerWishes = {}): AnswerStream {
    return this.answer((listener) => this.connection.send(say, listener), wishes);
  }

  /** Has a message answered once more, beside the answers that it has. */
  regenerate(messageId: string, wishes: AnswerWishes = {}): AnswerStream {
    return this.answer((listener) => this.connection.regenerate(messageId, listener), wishes);
  }

  /** Reads an answer from its beginning that was asked for elsewhere, or before a reload: a history tells its `runId`. */
  follow(runId: string, wishes: AnswerWishes = {}): AnswerStream {
    return this.answer((listener) => this.connection.follow(runId, listener), wishes);
  }

  private answer(begin: (listener: AnswerListener) => Promise<StreamEnd>, wishes: AnswerWishes): AnswerStream {
    wishes.signal?.throwIfAborted();
    const isFree = !this.isAnswering;
    const answer: AnswerStream = new AnswerStream(wishes, () => isFree && this.stop());
    // A stop may be asked for before the server knows the message: then it is asked again with the first text.
    const listener: AnswerListener = {
      onText: (added) => (answer.onText(added), this.stopping && this.stop()),
      onReplaced: (whole) => answer.onReplaced(whole),
      onTool: (step) => answer.onTool(step),
    };
    const ended = begin(listener);
    if (isFree) {
      this.isAnswering = true;
      void ended.catch(() => undefined).finally(() => (this.isAnswering = this.stopping = false));
    }
    answer.settle(ended);
    return answer;
  }

  /** Lets a model's tool call that waits for approval be made, or not. */
  decide(approval: ToolApproval, approve: boolean): Promise<void> {
    return this.connection.decide(approval, approve);
  }

  /** The conversation so far, oldest first. Waits for a connection that is on its way back. */
  history(): Promise<HistoryMessage[]> {
    return this.connection.history();
  }

  /** Shows the newest branch through this message from now on. */
  switchBranch(messageId: string): Promise<BranchSwitched> {
    return this.connection.switchBranch(messageId);
  }

  /** A new conversation that begins as this one does, up to a message, or to a place in an answer that is being written. */
  fork(at: { messageId: string } | { runId: string; seq?: number }): Promise<ConversationForked> {
    return this.connection.askOnce('fork_conversation', at);
  }

  /** A REST call in this sign-in's name: the answer's body, without its envelope. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    try {
      return await this.rest.call<T>(method, path, await this.tokens.accessToken(), body);
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'TOKEN_EXPIRED')) throw error;
      return this.rest.call<T>(method, path, await this.tokens.renew(), body);
    }
  }

  /** Cuts the connection as a lost network would; it comes back by itself, and so does the answer under way. */
  cut(): void {
    this.connection.cut();
  }

  /** Leaves; an answer under way goes on at the server. */
  close(): void {
    this.connection.close();
  }

  private onRestored(options: TalksyOptions): void {
    options.onConnection?.(true);
    if (this.stopping) this.stop();
  }

  private stop(): void {
    this.stopping = true;
    if (this.isStopUnderWay) return;
    this.isStopUnderWay = true;
    // Refused where the connection is down or the message not there yet: both come back to it.
    const asked = this.connection.stop().catch(() => undefined);
    void asked.finally(() => (this.isStopUnderWay = false));
  }
}
