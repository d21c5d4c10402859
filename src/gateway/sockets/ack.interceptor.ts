import { type CallHandler, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type { Ack } from './ack.js';

/** Gives a handler's result the shape of an ack. */
@Injectable()
export class AckInterceptor implements NestInterceptor<unknown, Ack> {
  intercept(_context: unknown, next: CallHandler): Observable<Ack> {
    return next.handle().pipe(map((data: unknown) => ({ ok: true, data: data ?? {} })));
  }
}
