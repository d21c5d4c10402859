import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import type { Clock } from '../../common/clock.js';
import { RAW_RESPONSE } from '../../common/raw.decorator.js';
import { requestIdOf } from '../../observability/request-id.js';

/** The body of every success of Talksy-native REST. */
export interface Envelope {
  success: true;
  data: unknown;
  requestId: string;
  /** ISO 8601, UTC. */
  timestamp: string;
}

/** Wraps what a handler returns, unless its route or controller is marked `@Raw()`. */
export class EnvelopeInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    // Nest applies global interceptors to sockets too.
    if (context.getType() !== 'http') return next.handle();
    if (this.reflector.getAllAndOverride<boolean>(RAW_RESPONSE, [context.getHandler(), context.getClass()])) {
      return next.handle();
    }
    const requestId = requestIdOf(context.switchToHttp().getRequest<Request>());
    return next.handle().pipe(
      map((data): Envelope => ({
        success: true,
        data: data ?? null,
        requestId,
        timestamp: new Date(this.clock.now()).toISOString(),
      })),
    );
  }
}
