import type { IncomingHttpHeaders } from 'node:http';
import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import type { ServerConfig } from '../../config/config.js';

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const PREFLIGHT_MAX_AGE_S = 600;

/** Which browser pages may call, for HTTP and for Socket.IO alike. Any request header may be asked for. */
export function corsOptions({ corsOrigins }: ServerConfig): CorsOptions {
  return {
    origin: corsOrigins === 'localhost' ? LOCAL_ORIGIN : corsOrigins.length > 0 && [...corsOrigins],
    credentials: true,
    exposedHeaders: [
      'X-Request-Id',
      'X-Guest-Token',
      'Retry-After',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Link',
      'Mcp-Session-Id',
    ],
    maxAge: PREFLIGHT_MAX_AGE_S,
  };
}

/**
 * Whether a page of this origin may open a socket: browsers ask nobody before they open a websocket. What is no page
 * sends no origin; our own pages, and apps that name the server itself, have the server's host.
 */
export function mayOpenSocket({ origin, host }: IncomingHttpHeaders, { corsOrigins }: ServerConfig): boolean {
  if (origin === undefined) return true;
  if (URL.canParse(origin) && new URL(origin).host === host) return true;
  return corsOrigins === 'localhost' ? LOCAL_ORIGIN.test(origin) : corsOrigins.includes(origin.toLowerCase());
}
