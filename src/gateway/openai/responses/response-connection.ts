import type { WebSocket } from 'ws';
import type { Principal } from '../../../auth/principal.js';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import type { ModelMessage } from '../../../common/model-message.js';
import { invalid } from '../request-parts.js';
import { parseResponseRequest, type ResponseRequest } from './response-request.js';
import type { TurnLine } from './response-turns.service.js';

/** Turns that may wait behind the one that is played. */
const MAX_WAITING = 16;
/** Bytes that may wait for a client that reads slowly. */
const MAX_UNREAD = 1 << 20;

/** What a connection needs of the house. */
export interface ConnectionHost {
  /** Who speaks, asked anew for each turn: sign-ins end. */
  authenticate(): Promise<Principal>;
  play(request: ResponseRequest, who: Principal, line: TurnLine): Promise<void>;
  /** The event that tells of an error. */
  told(error: unknown): object;
}

/**
 * One websocket of the Responses API: `response.create` in, its events out, one turn after another. It answers pings by
 * itself; a client that answers none is cut off by `beat`.
 */
export class ResponseConnection implements TurnLine {
  readonly unstored = new Map<string, readonly ModelMessage[]>();
  readonly gone: AbortSignal;
  private turns: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isAlive = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly host: ConnectionHost,
  ) {
    const gone = new AbortController();
    this.gone = gone.signal;
    socket.on('close', () => gone.abort());
    // `close` follows.
    socket.on('error', () => undefined);
    socket.on('pong', () => (this.isAlive = true));
    socket.on('message', (data, isBinary) => this.receive(String(data as Buffer), isBinary));
  }

  send(event: object): Promise<void> | undefined {
    if (this.gone.aborted) return undefined;
    const text = JSON.stringify(event);
    if (this.socket.bufferedAmount > MAX_UNREAD)
      return new Promise((resolve) => this.socket.send(text, () => resolve()));
    this.socket.send(text);
    return undefined;
  }

  /** To be called from time to time: ends a connection whose other end is gone. */
  beat(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    this.socket.ping();
  }

  private receive(text: string, isBinary: boolean): void {
    if (this.waiting > MAX_WAITING)
      return void this.fail(new TalksyError('RATE_LIMIT_EXCEEDED', 'Too many turns wait on this connection.'));
    this.waiting++;
    this.turns = this.turns.then(() => this.turn(text, isBinary)).finally(() => this.waiting--);
  }

  private async turn(text: string, isBinary: boolean): Promise<void> {
    let previous: string | undefined;
    try {
      if (this.gone.aborted) return;
      const request = parseResponseRequest({ ...frameOf(text, isBinary), stream: true, background: false });
      previous = request.previousResponseId;
      await this.host.play(request, await this.host.authenticate(), this);
    } catch (error) {
      // What failed to go on from here would fail again.
      if (previous) this.unstored.delete(previous);
      await this.fail(error);
    }
  }

  private fail(error: unknown): Promise<void> | undefined {
    return this.send(this.host.told(error));
  }
}

function frameOf(text: string, isBinary: boolean): object {
  const frame = isBinary ? undefined : parsed(text);
  if (typeof frame !== 'object' || frame === null)
    throw invalid({ path: ['body'], message: 'a message must be one JSON object, as text' });
  const { type } = frame as { type?: unknown };
  if (type !== 'response.create') throw invalid({ path: ['type'], message: 'must be response.create' });
  return frame;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
