import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { AckFunction } from './ack.js';
import { emitError } from './socket-errors.js';
import type { TalksySocket } from './talksy-socket.js';

/** Answers a failed event with `error` and its ack; the socket stays connected. */
@Catch()
export class SocketErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const [socket, , ack, event] = host.getArgs<[TalksySocket, unknown, AckFunction | undefined, string]>();
    const wire = emitError(socket, error, event);
    ack?.({ ok: false, error: wire });
  }
}
