import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ServerConfig } from '../../config/config.js';
import { requestIdMiddleware } from '../../observability/request-id.js';
import { allowedMethods, type RouterStack } from './allowed-methods.js';
import { bodyValidationPipe } from './body-validation.pipe.js';
import { proxyTrustOf, type ProxyTrust } from './client-address.js';
import { limitConnections } from './connection-limits.js';
import { corsOptions } from './cors-options.js';
import { envelopeControllers } from './envelope.interceptor.js';
import { ErrorFilter } from './error.filter.js';
import { refuseOtherUpgrades } from './upgrades.js';

/**
 * Gives an app the house's HTTP manners: ids, headers, CORS, body limit, timeouts, error shape, envelope. To be called
 * before `app.init()`, on an app created with `bodyParser: false`, so that JSON is the only body it reads. `limits` runs
 * before any body is read, and behind CORS, so that a page may read a refusal and a preflight counts for nothing.
 */
export function configureHttp(
  app: NestExpressApplication,
  config: ServerConfig,
  limits?: (trusts: ProxyTrust) => RequestHandler,
): void {
  app.set('trust proxy', config.trustProxy);
  app.disable('x-powered-by');
  app.use(requestIdMiddleware);
  app.use(securityHeaders());
  app.enableCors(corsOptions(config));
  if (limits) app.use(limits(proxyTrustOf(app)));
  // Not strict: a body that is JSON but no object gets the message that says so.
  app.useBodyParser('json', { limit: config.bodyLimitBytes, strict: false });
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: RouterStack };
  app.useGlobalFilters(new ErrorFilter((path) => allowedMethods(router, path)));
  app.useGlobalPipes(bodyValidationPipe());
  envelopeControllers(app);
  limitConnections(app.getHttpServer() as Server);
  refuseOtherUpgrades(app.getHttpServer() as Server);
}

/** Answers are data, so nothing in them may load or run anything; a page of ours sets its own policy. */
const securityHeaders = () =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
