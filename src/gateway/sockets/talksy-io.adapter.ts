import type { NestExpressApplication } from '@nestjs/platform-express';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { Clock } from '../../common/clock.js';
import { LimitConfig, type ServerConfig } from '../../config/config.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { proxyTrustOf } from '../http/client-address.js';
import { corsOptions } from '../http/cors-options.js';
import type { AckFunction } from './ack.js';
import { ConnectionGuard } from './connection-guard.js';
import { EventGates } from './event-gates.js';
import { emitError } from './socket-errors.js';
import type { EventCallback, TalksyServer, TalksySocket } from './talksy-socket.js';

interface MessageHandler {
  message: string;
  callback: EventCallback;
}

/**
 * Socket.IO with our limits, and an answer to events nobody knows. All sockets share one listener for all their events:
 * a listener for each, as Nest would have it, is most of what an idle connection would hold.
 */
export class TalksyIoAdapter extends IoAdapter {
  private readonly gates: EventGates;
  private readonly guard: ConnectionGuard;
  /** Where in `SocketState.callbacks` that of each event stands. */
  private readonly places = new Map<string, number>();

  /** @param rooms Socket.IO's rooms over all nodes, where there are several. */
  constructor(
    app: NestExpressApplication,
    private readonly config: ServerConfig,
    private readonly rooms?: ServerOptions['adapter'],
  ) {
    super(app);
    this.gates = new EventGates(app.get(Clock), app.get(LimitConfig).enabled);
    this.guard = new ConnectionGuard(proxyTrustOf(app), config);
  }

  /** Nest calls it once, with port 0: on the HTTP server's own port. */
  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const { config } = this;
    const server = super.createIOServer(port, {
      ...options,
      ...(this.rooms && { adapter: this.rooms }),
      allowRequest: this.guard.allowRequest,
      cors: corsOptions(config),
      serveClient: false,
      pingInterval: config.socketPingIntervalMs,
      pingTimeout: config.socketPingTimeoutMs,
      connectTimeout: config.socketConnectTimeoutMs,
      maxHttpBufferSize: 2 * config.bodyLimitBytes,
    } as ServerOptions) as TalksyServer;
    this.guard.watch(server);
    return server;
  }

  override bindMessageHandlers(socket: TalksySocket, handlers: MessageHandler[]): void {
    socket.data.callbacks ??= [];
    for (const { message, callback } of handlers) {
      if (!this.places.has(message)) this.places.set(message, this.places.size);
      socket.data.callbacks[this.places.get(message)!] = callback;
    }
    // Once, however many gateways there are.
    if (!socket.listenersAny().includes(this.onEvent)) socket.onAny(this.onEvent);
  }

  /** All gateways hear of an end through the first of them: Nest shows it to each only once. */
  override bindClientDisconnect(socket: TalksySocket, callback: () => void): void {
    if (socket.listenerCount('disconnect') === 0) super.bindClientDisconnect(socket, callback);
  }

  /** One function for all sockets: Socket.IO calls it with the socket as `this`. */
  private readonly onEvent = listener((socket, event, args) => {
    const ack = typeof args.at(-1) === 'function' ? (args.pop() as AckFunction) : undefined;
    const place = typeof event === 'string' ? this.places.get(event) : undefined;
    const callback = place === undefined ? undefined : socket.data.callbacks?.[place];
    const name = callback ? (event as string) : String(event).slice(0, 64);
    if (!this.gates.enter(socket, name, ack)) return;
    if (!callback) return this.answerUnknown(socket, name, ack);
    const answered = answer(callback, args.length > 1 ? args : args[0], ack);
    void answered.finally(() => this.gates.leave(socket, name));
  });

  private answerUnknown(socket: TalksySocket, name: string, ack: AckFunction | undefined): void {
    const error = emitError(socket, new TalksyError('VALIDATION_ERROR', `unknown event "${name}"`), name);
    ack?.({ ok: false, error });
    this.gates.leave(socket, name);
  }
}

/** What the handler returns is the data of the ack; where it fails, the error filter has answered first. */
async function answer(callback: EventCallback, payload: unknown, ack: AckFunction | undefined): Promise<void> {
  const first = ack && firstOnly(ack);
  const data = await callback(payload, first);
  first?.({ ok: true, data: data ?? {} });
}

/** An event is answered once: the first answer counts. */
function firstOnly(ack: AckFunction): AckFunction {
  let isAnswered = false;
  return (what) => {
    if (!isAnswered) ack(what);
    isAnswered = true;
  };
}

/** A packet may name its event by a number, whatever Socket.IO's types say. */
type EventListener = (this: TalksySocket, event: unknown, ...args: unknown[]) => void;

/** A listener that gets its socket as an argument. */
function listener(take: (socket: TalksySocket, event: unknown, args: unknown[]) => void): EventListener {
  return function (event, ...args) {
    take(this, event, args);
  };
}
