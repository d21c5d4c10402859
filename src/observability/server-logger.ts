import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Nest's own parts that narrate every start: modules, routes, events. */
const NARRATORS = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestFactory',
  'NestApplication',
]);

/** Nest's logger, on pino. What the framework tells about its start is worth only debug. */
@Injectable()
export class ServerLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && NARRATORS.has(context)) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
