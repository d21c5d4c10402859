import type { IncomingMessage, ServerResponse } from 'node:http';
import { stdTimeFunctions } from 'pino';
import type { Options } from 'pino-http';
import { LogConfig } from '../config/config.js';
import { serializeError } from './error-serializer.js';
import { scrubLine } from './log-scrubber.js';
import { requestIdOf } from './request-id.js';

type Request = IncomingMessage & { originalUrl?: string };

/**
 * One line per HTTP request: debug, or error from status 500 on. It holds id, method, path without query string,
 * status and time; never headers or bodies. Every other line of a request carries the same `requestId`.
 */
export function httpLogOptions({ level }: LogConfig): Options<Request> {
  return {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: scrubLine },
    // pino-http would turn each request, headers and all, into text for a logger that `quiet…` keeps unused.
    serializers: { err: serializeError, req: () => undefined },
    wrapSerializers: false,
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'timeMs' },
    genReqId: (request) => requestIdOf(request),
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'debug'),
    customSuccessObject: describeExchange,
    customErrorObject: (request, response, _error, facts: { timeMs: number }) =>
      describeExchange(request, response, facts),
    customSuccessMessage: (_request, response) => (response.writableEnded ? 'request answered' : 'request aborted'),
    customErrorMessage: () => 'request failed',
  };
}

function describeExchange(request: Request, response: ServerResponse, { timeMs }: { timeMs: number }): object {
  const [path] = (request.originalUrl ?? request.url ?? '').split('?', 1);
  return { method: request.method, path, status: response.statusCode, timeMs };
}
