import type { Socket } from 'socket.io-client';
import { ClientError, DISCONNECTED, isWireError, NO_ANSWER } from './client-error.js';
import type { Ack, ClientEvents, ClientRequests, ServerEvents, WireError } from './wire.js';

const TIME_LIMIT_MS = 60_000;

/** Events that are answered by an ack, as promises. */
export class AcknowledgedRequests {
  private pending = 0;
  private lastRefused: string | undefined;

  constructor(private readonly socket: Socket<ServerEvents, ClientEvents>) {}

  /** Resolves with the ack's data. Rejects with a ClientError: DISCONNECTED when the connection breaks meanwhile. */
  async send<E extends keyof ClientRequests>(event: E, payload: ClientRequests[E][0]): Promise<ClientRequests[E][1]> {
    if (!this.socket.connected) throw new ClientError(DISCONNECTED, 'not connected');
    this.pending += 1;
    const answer = await this.emit(event, payload).finally(() => (this.pending -= 1));
    if (answer.ok === true) return answer.data;
    if (!isWireError(answer.error))
      throw new ClientError('NOT_TALKSY', `the server's answer to ${event} makes no sense`);
    this.lastRefused = answer.error.requestId;
    throw ClientError.fromWire(answer.error);
  }

  /** Whether this `error` event says what an ack says too: servers send both. */
  covers(error: WireError): boolean {
    return this.pending > 0 || (error.requestId !== undefined && error.requestId === this.lastRefused);
  }

  private async emit<E extends keyof ClientRequests>(
    event: E,
    payload: ClientRequests[E][0],
  ): Promise<Ack<ClientRequests[E][1]>> {
    // Socket.IO's types cannot follow a generic event name; the signature of `send` makes the promise instead.
    const socket = this.socket as unknown as Socket;
    try {
      return (await socket.timeout(TIME_LIMIT_MS).emitWithAck(event, payload)) as Ack<ClientRequests[E][1]>;
    } catch {
      if (!socket.connected) throw new ClientError(DISCONNECTED, 'the connection broke');
      throw new ClientError(NO_ANSWER, `the server does not answer ${event}`);
    }
  }
}
