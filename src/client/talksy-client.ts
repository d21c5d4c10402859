import { AnswerStream, type AnswerWishes } from './answer-stream.js';
import { ChatConnection } from './chat-connection.js';
import type { ClientError } from './client-error.js';
import { RestClient } from './rest-client.js';
import { TokenSource } from './token-source.js';
import type { Credentials, HistoryMessage, ToolApproval, TokenPair } from './wire.js';

export type { AnswerStream, AnswerWishes } from './answer-stream.js';
export type { ToolStep } from './exchange.js';
export type { Credentials, HistoryMessage, StreamEnd, ToolApproval, TokenPair } from './wire.js';
export { ClientError } from './client-error.js';

/** Who connects: by email and password, or by tokens that a sign-in elsewhere gave; they are refreshed when due. */
export interface TalksyOptions {
  signIn: Credentials | TokenPair;
  /** The connection broke (`false`) and is being restored, or is back (`true`). Answers go on by themselves. */
  onConnection?: (isUp: boolean) => void;
  /** The connection is over for good, for example because the sign-in was revoked. */
  onClosed?: (error: ClientError) => void;
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

  private constructor(url: string, tokens: TokenSource, options: TalksyOptions) {
    this.connection = new ChatConnection(url, tokens, {
      onLost: () => options.onConnection?.(false),
      onRestored: () => this.onRestored(options),
      onClosed: (error) => options.onClosed?.(error),
      onServerError: () => undefined,
    });
  }

  /** Resolves when the session is open. `url` is the server's origin, such as `http://localhost:3000`. */
  static async connect(url: string, options: TalksyOptions): Promise<TalksyClient> {
    const origin = url.replace(/\/+$/, '');
    const rest = new RestClient(origin);
    const pair = 'accessToken' in options.signIn ? options.signIn : await rest.login(options.signIn);
    const client = new TalksyClient(origin, new TokenSource(rest, pair), options);
    await client.connection.open();
    return client;
  }

  /** Makes an account and connects as it. */
  static async register(url: string, options: TalksyOptions & { signIn: Credentials }): Promise<TalksyClient> {
    const signIn = await new RestClient(url.replace(/\/+$/, '')).register(options.signIn);
    return TalksyClient.connect(url, { ...options, signIn });
  }

  /** Sends a message; its answer begins at once, also before it is read. One at a time. */
  stream(text: string, wishes: AnswerWishes = {}): AnswerStream {
    wishes.signal?.throwIfAborted();
    const isFree = !this.isAnswering;
    const answer: AnswerStream = new AnswerStream(wishes, () => isFree && this.stop());
    // A stop may be asked for before the server knows the message: then it is asked again with the first text.
    const listener = {
      onText: (added: string) => (answer.onText(added), this.stopping && this.stop()),
      onReplaced: (whole: string) => answer.onReplaced(whole),
      onTool: (step: Parameters<AnswerStream['onTool']>[0]) => answer.onTool(step),
    };
    const ended = this.connection.send(text, listener);
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

  /** The conversation so far, oldest first. */
  history(): Promise<HistoryMessage[]> {
    return this.connection.history();
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
