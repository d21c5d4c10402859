import { Logger } from '@nestjs/common';
import { TalksyError, toWireError, type WireError } from '../../common/errors/talksy-error.js';
import { newSecretId } from '../../common/ids.js';
import type { TalksySocket } from './talksy-socket.js';

const logger = new Logger('Sockets');

/** Sends `error`, and returns what was sent. A bug is logged with its stack under the same request id. */
export function emitError(socket: TalksySocket, error: unknown, event: string): WireError {
  const wire = toWireError(error, newSecretId());
  const context = { requestId: wire.requestId, event, code: wire.code, userId: socket.data.principal.userId };
  if (error instanceof TalksyError) logger.debug(context, wire.message);
  else logger.error({ ...context, err: error }, 'a socket event failed');
  socket.emit('error', wire);
  return wire;
}

/** A refusal in the shape that Socket.IO sends as `connect_error`. */
export function connectError(error: unknown): Error & { data: WireError } {
  const wire = toWireError(error, newSecretId());
  if (!(error instanceof TalksyError)) logger.error({ requestId: wire.requestId, err: error }, 'a handshake failed');
  return Object.assign(new Error(wire.message), { data: wire });
}
