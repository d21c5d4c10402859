import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { lastValueFrom, type Observable } from 'rxjs';
import type { Server, ServerOptions } from 'socket.io';
import type { ServerConfig } from '../../config/config.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { corsOptions } from '../http/cors-options.js';
import type { Ack, AckFunction } from './ack.js';
import { emitError } from './socket-errors.js';
import type { TalksySocket } from './talksy-socket.js';

interface MessageHandler {
  message: string;
  callback: (data: unknown, ack: AckFunction | undefined) => unknown;
}

/** Nest's: makes whatever a handler returned one stream of results. */
type Transform = (result: unknown) => Observable<Ack>;

/** Socket.IO with our limits, one plain listener per event, and an answer to events nobody knows. */
export class TalksyIoAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: ServerConfig,
  ) {
    super(app);
  }

  /** Nest calls it once, with port 0: on the HTTP server's own port. */
  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const { config } = this;
    return super.createIOServer(port, {
      ...options,
      cors: corsOptions(config),
      serveClient: false,
      destroyUpgrade: false,
      pingInterval: config.socketPingIntervalMs,
      pingTimeout: config.socketPingTimeoutMs,
      connectTimeout: config.socketConnectTimeoutMs,
      maxHttpBufferSize: 2 * config.bodyLimitBytes,
    } as ServerOptions);
  }

  override bindMessageHandlers(socket: TalksySocket, handlers: MessageHandler[], transform: Transform): void {
    for (const { message, callback } of handlers) {
      socket.on(message, (...args: unknown[]) => {
        const ack = typeof args.at(-1) === 'function' ? (args.pop() as AckFunction) : undefined;
        const result = transform(callback(args.length > 1 ? args : args[0], ack));
        void lastValueFrom(result, { defaultValue: undefined }).then((answer) => answer && ack?.(answer));
      });
    }
    if (handlers.length > 0) socket.onAny(answerUnknown);
  }
}

/** One function for all sockets: Socket.IO calls it with the socket as `this`. */
function answerUnknown(this: TalksySocket, event: string, ...args: unknown[]): void {
  if (this.listenerCount(event) > 0) return;
  const name = event.slice(0, 64);
  const wire = emitError(this, new TalksyError('VALIDATION_ERROR', `unknown event "${name}"`), name);
  const ack = args.at(-1);
  if (typeof ack === 'function') (ack as AckFunction)({ ok: false, error: wire });
}
