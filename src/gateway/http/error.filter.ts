import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ERROR_CODES } from '../../common/errors/error-codes.js';
import { TalksyError, toWireError } from '../../common/errors/talksy-error.js';
import { speaksOpenAi, toOpenAiError } from '../openai/openai-error.js';
import { requestIdOf } from '../../observability/request-id.js';
import { plannedError } from './http-exception-mapping.js';

/** The one way from an exception to an HTTP answer. Only bugs are logged with their stack. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  /** `methodsOf` tells which methods exist on a path. */
  constructor(private readonly methodsOf: (path: string) => string[]) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const planned = plannedError(exception);
    if (!planned || planned.code === 'INTERNAL_ERROR') this.report(exception, request);
    if (response.headersSent) {
      // Half an answer is out: only a broken connection tells the client that the rest will not come.
      response.destroy();
      return;
    }
    this.answer(this.refine(planned, request, response), request, response);
  }

  private answer(error: TalksyError | undefined, request: Request, response: Response): void {
    const wire = toWireError(error, requestIdOf(request));
    const foreign = speaksOpenAi(request.path) ? toOpenAiError(wire) : undefined;
    const status = foreign?.status ?? ERROR_CODES[wire.code].http ?? 500;
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (wire.retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(wire.retryAfterMs / 1000));
    response.status(status).json(foreign?.body ?? wire);
  }

  /** A path that exists for other methods is METHOD_NOT_ALLOWED. Only the framework's own 404 means an unknown route. */
  private refine(error: TalksyError | undefined, request: Request, response: Response): TalksyError | undefined {
    if (error?.code !== 'NOT_FOUND' || !(error.cause instanceof HttpException)) return error;
    const methods = this.methodsOf(request.path);
    if (methods.length === 0 || methods.includes(request.method)) return error;
    const allowed = methods.join(', ');
    response.setHeader('Allow', allowed);
    return new TalksyError('METHOD_NOT_ALLOWED', `${request.method} is not allowed here; allowed: ${allowed}`);
  }

  // The path without its query, which may hold a ticket.
  private report(exception: unknown, request: Request): void {
    this.logger.error(`request ${requestIdOf(request)} failed: ${request.method} ${request.path}`, stackOf(exception));
  }
}

function stackOf(exception: unknown): string {
  if (!(exception instanceof Error)) return `thrown: ${typeof exception}`;
  const own = exception.stack ?? exception.message;
  return exception.cause === undefined ? own : `${own}\ncaused by: ${stackOf(exception.cause)}`;
}
