import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { Request, Response } from 'express';
import { ERROR_CODES } from '../../../common/errors/error-codes.js';
import { toWireError } from '../../../common/errors/talksy-error.js';
import { requestIdOf } from '../../../observability/request-id.js';
import { retryHeaders, toTrpcError } from './trpc-errors.js';

/** What fails before a procedure is called, in the shape that tRPC's clients read. */
@Catch()
export class TrpcErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(TrpcErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) return void response.destroy();
    const error = toWireError(exception, requestIdOf(http.getRequest<Request>()));
    if (error.code === 'INTERNAL_ERROR')
      this.logger.error({ err: exception, requestId: error.requestId }, 'a call failed');
    const { code, message } = toTrpcError(exception);
    const httpStatus = ERROR_CODES[error.code].http ?? 500;
    const data = { code, httpStatus, error };
    if (httpStatus === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.set(retryHeaders([error]));
    response.status(httpStatus).json({ error: { message, code: TRPC_ERROR_CODES_BY_KEY[code], data } });
  }
}
