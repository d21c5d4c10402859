import type { IncomingMessage, ServerResponse } from 'node:http';
import { newSecretId } from '../common/ids.js';
import { underTraceOf } from './tracing.js';

export const REQUEST_ID_HEADER = 'x-request-id';

const SANE_ID = /^[\w.-]{1,128}$/;

/** `id` is where pino-http looks for it too. */
type Identified = Omit<IncomingMessage, 'id'> & { id?: unknown };

/** The id of this request: the caller's own where it is 1 to 128 of [A-Za-z0-9_.-], else a new one; always the same. */
export function requestIdOf(request: IncomingMessage): string {
  const identified: Identified = request;
  if (typeof identified.id === 'string') return identified.id;
  const given = request.headers[REQUEST_ID_HEADER];
  const id = typeof given === 'string' && SANE_ID.test(given) ? given : newSecretId();
  identified.id = id;
  return id;
}

/** Express middleware: answers every request with its id, so that a report from a user leads to the log, and goes on with its trace. */
export function requestIdMiddleware(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader(REQUEST_ID_HEADER, requestIdOf(request));
  if (request.headers.traceparent) underTraceOf(request.headers, next);
  else next();
}
