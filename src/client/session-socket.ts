import { io, type Socket } from 'socket.io-client';
import { AcknowledgedRequests } from './acknowledged-requests.js';
import { ClientError, DISCONNECTED, isWireError, NO_ANSWER, UNREACHABLE } from './client-error.js';
import type { TokenSource } from './token-source.js';
import type { ClientEvents, ServerEvents, SessionOpened, WireError } from './wire.js';

const SESSION_TIME_LIMIT_MS = 10_000;
const RETRY_MS = 500;
/** In a row, without a session in between. */
const MAX_REFUSALS = 10;

export interface SessionSocketListener {
  /** The session is open, for the first time or again. */
  onSession(session: SessionOpened): void;
  /** The connection broke; it is being restored. */
  onLost(): void;
  /** The connection is over and stays so. */
  onClosed(error: ClientError): void;
  /** The server complains about something else than a pending request. */
  onServerError(error: WireError): void;
}

/**
 * One socket and its session, kept alive: comes back to the same session after every break, with a token that is
 * still good. Gives up, once, by `onClosed`.
 */
export class SessionSocket {
  readonly events: Socket<ServerEvents, ClientEvents>;
  readonly requests: AcknowledgedRequests;
  private sessionId: string | undefined;
  private refusals = 0;
  private isReady = false;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly tokens: TokenSource,
    private readonly listener: SessionSocketListener,
  ) {
    this.events = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: RETRY_MS,
      reconnectionAttempts: 20,
      auth: (send) => void this.authenticate(send),
    });
    this.requests = new AcknowledgedRequests(this.events);
    this.events.on('connect', () => this.after(SESSION_TIME_LIMIT_MS, () => this.fail(noSession(this.url))));
    this.events.on('SESSION_CREATED', (session) => this.onSession(session));
    this.events.on('SESSION_RESTORED', (session) => this.onSession(session));
    this.events.on('token_expiring', () => void this.prolong());
    this.events.on('disconnect', (reason) => this.onDisconnect(reason));
    this.events.on('connect_error', (error) => this.onRefused(error));
    this.events.on('error', (error) => this.onServerError(error));
    this.events.io.on('reconnect_failed', () => this.fail(unreachable(this.url)));
  }

  /** Whether the session is open now: what is sent before it would have to wait. */
  get ready(): boolean {
    return this.isReady;
  }

  open(): void {
    this.events.connect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.events.disconnect();
  }

  private async authenticate(send: (auth: object) => void): Promise<void> {
    try {
      send({ token: await this.tokens.accessToken(), sessionId: this.sessionId });
    } catch (error) {
      const failure = asClientError(error);
      // Closing the transport alone leaves it to Socket.IO to try again.
      if (failure.isPassing) this.events.io.engine.close();
      else this.fail(failure);
    }
  }

  private onSession(session: SessionOpened): void {
    clearTimeout(this.timer);
    this.sessionId = session.sessionId;
    this.refusals = 0;
    this.isReady = true;
    this.listener.onSession(session);
  }

  private onDisconnect(reason: Socket.DisconnectReason): void {
    clearTimeout(this.timer);
    this.isReady = false;
    if (this.closed) return;
    this.listener.onLost();
    // Socket.IO does not come back by itself when it was the server that closed.
    if (reason === 'io server disconnect')
      this.retry(new ClientError(DISCONNECTED, 'the server closed the connection'));
  }

  private onRefused(error: Error & { data?: unknown }): void {
    if (this.events.active) {
      if (!this.sessionId) this.fail(unreachable(this.url));
      return;
    }
    const failure = isWireError(error.data)
      ? ClientError.fromWire(error.data)
      : new ClientError('REFUSED', `${this.url} refused the connection: ${error.message}`);
    if (failure.code === 'TOKEN_EXPIRED') void this.renewAndRetry(failure);
    else if (failure.isPassing) this.retry(failure);
    else this.fail(failure);
  }

  private async renewAndRetry(refusal: ClientError): Promise<void> {
    try {
      await this.tokens.renew();
      this.retry(refusal);
    } catch (error) {
      const failure = asClientError(error);
      if (failure.isPassing) this.retry(failure);
      else this.fail(failure);
    }
  }

  private retry(failure: ClientError): void {
    this.refusals += 1;
    if (this.refusals > MAX_REFUSALS) this.fail(failure);
    else this.after(failure.retryAfterMs ?? RETRY_MS, () => this.events.connect());
  }

  /** Shortly before the token ends; where it fails, the server closes and the usual way back begins. */
  private async prolong(): Promise<void> {
    await this.tokens
      .renew()
      .then((token) => this.requests.send('authenticate', { token }))
      .catch(() => undefined);
  }

  /** An expired token is answered by coming back with a new one, not by complaining. */
  private onServerError(error: WireError): void {
    if (error.code !== 'TOKEN_EXPIRED' && !this.requests.covers(error)) this.listener.onServerError(error);
  }

  private after(delayMs: number, act: () => void): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(act, delayMs);
  }

  private fail(error: ClientError): void {
    if (this.closed) return;
    this.close();
    this.listener.onClosed(error);
  }
}

const unreachable = (url: string): ClientError => new ClientError(UNREACHABLE, `cannot reach ${url}`);
const noSession = (url: string): ClientError =>
  new ClientError(NO_ANSWER, `${url} accepted the connection but opened no session`);
const asClientError = (error: unknown): ClientError =>
  error instanceof ClientError ? error : new ClientError('CLIENT_BUG', String(error));
