import type { CallHandler, ExecutionContext, INestApplicationContext, NestInterceptor } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer, Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { Clock } from '../../common/clock.js';
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

/**
 * Binds the envelope to all controllers, before `app.init()`. Not to the whole app: Nest gives what is global to sockets
 * too, where every event would pay for its observables.
 */
export function envelopeControllers(app: INestApplicationContext): void {
  const envelope = new EnvelopeInterceptor(app.get(Reflector), app.get(Clock));
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) bind(envelope, metatype as object);
  }
}

/** Another app of this process may have bound its own. */
function bind(envelope: EnvelopeInterceptor, controller: object): void {
  const bound = (Reflect.getMetadata(INTERCEPTORS_METADATA, controller) ?? []) as unknown[];
  const others = bound.filter((one) => !(one instanceof EnvelopeInterceptor));
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [envelope, ...others], controller);
}
