import { Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import helmet from 'helmet';
import { Clock } from '../../common/clock.js';
import type { ServerConfig } from '../../config/config.js';
import { requestIdMiddleware } from '../../observability/request-id.js';
import { allowedMethods, type RouterStack } from './allowed-methods.js';
import { bodyValidationPipe } from './body-validation.pipe.js';
import { corsOptions } from './cors-options.js';
import { EnvelopeInterceptor } from './envelope.interceptor.js';
import { ErrorFilter } from './error.filter.js';

/** How long a client may take to send its headers, and its whole request; answers may take as long as they need. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the 60 s for which proxies keep a connection, so that it is theirs to close. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * Gives an app the house's HTTP manners: ids, headers, CORS, body limit, timeouts, error shape, envelope. To be called
 * before `app.init()`, on an app created with `bodyParser: false`, so that JSON is the only body it reads.
 */
export function configureHttp(app: NestExpressApplication, config: ServerConfig): void {
  app.set('trust proxy', config.trustProxy);
  app.disable('x-powered-by');
  app.use(requestIdMiddleware);
  app.use(securityHeaders());
  app.enableCors(corsOptions(config));
  // Not strict: a body that is JSON but no object gets the message that says so.
  app.useBodyParser('json', { limit: config.bodyLimitBytes, strict: false });
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: RouterStack };
  app.useGlobalFilters(new ErrorFilter((path) => allowedMethods(router, path)));
  app.useGlobalPipes(bodyValidationPipe());
  app.useGlobalInterceptors(new EnvelopeInterceptor(app.get(Reflector), app.get(Clock)));
  limitWaiting(app.getHttpServer() as Server);
}

/** Answers are data, so nothing in them may load or run anything; a page of ours sets its own policy. */
const securityHeaders = () =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });

function limitWaiting(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
}
