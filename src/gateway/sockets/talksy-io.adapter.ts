import type { NestExpressApplication } from '@nestjs/platform-express';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { lastValueFrom, type Observable } from 'rxjs';
import type { Server, ServerOptions } from 'socket.io';
import { Clock } from '../../common/clock.js';
import { LimitConfig, type ServerConfig } from '../../config/config.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { proxyTrustOf } from '../http/client-address.js';
import { corsOptions } from '../http/cors-options.js';
import type { Ack, AckFunction } from './ack.js';
import { ConnectionGuard } from './connection-guard.js';
import { EventGates } from './event-gates.js';
import { emitError } from './socket-errors.js';
import type { TalksyServer, TalksySocket } from './talksy-socket.js';

interface MessageHandler {
  message: string;
  callback: (data: unknown, ack: AckFunction | undefined) => unknown;
}

/** Nest's: makes whatever a handler returned one stream of results. */
type Transform = (result: unknown) => Observable<Ack>;

/** Socket.IO with our limits, one plain listener per event, and an answer to events nobody knows. */
export class TalksyIoAdapter extends IoAdapter {
  private readonly gates: EventGates;
  private readonly guard: ConnectionGuard;
  private readonly answerUnknown: UnknownListener;

  /** @param rooms Socket.IO's rooms over all nodes, where there are several. */
  constructor(
    app: NestExpressApplication,
    private readonly config: ServerConfig,
    private readonly rooms?: ServerOptions['adapter'],
  ) {
    super(app);
    this.gates = new EventGates(app.get(Clock), app.get(LimitConfig).enabled);
    this.answerUnknown = unknownListener(this.gates);
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

  override bindMessageHandlers(socket: TalksySocket, handlers: MessageHandler[], transform: Transform): void {
    for (const { message, callback } of handlers) {
      socket.on(message, (...args: unknown[]) => {
        const ack = typeof args.at(-1) === 'function' ? (args.pop() as AckFunction) : undefined;
        if (!this.gates.enter(socket, message, ack)) return;
        const result = transform(callback(args.length > 1 ? args : args[0], ack));
        const answered = lastValueFrom(result, { defaultValue: undefined });
        void answered.then((answer) => answer && ack?.(answer)).finally(() => this.gates.leave(socket, message));
      });
    }
    // Once, however many gateways there are.
    if (!socket.listenersAny().includes(this.answerUnknown)) socket.onAny(this.answerUnknown);
  }
}

/** A packet may name its event by a number, whatever Socket.IO's types say. */
type UnknownListener = (this: TalksySocket, event: unknown, ...args: unknown[]) => void;

/** One function for all sockets: Socket.IO calls it with the socket as `this`. */
function unknownListener(gates: EventGates): UnknownListener {
  return function (event, ...args) {
    const name = String(event).slice(0, 64);
    if (typeof event === 'string' && this.listenerCount(event) > 0) return;
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as AckFunction) : undefined;
    if (!gates.enter(this, name, ack)) return;
    const error = emitError(this, new TalksyError('VALIDATION_ERROR', `unknown event "${name}"`), name);
    ack?.({ ok: false, error });
    gates.leave(this, name);
  };
}
