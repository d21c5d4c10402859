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
      'Retry-After',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Link',
    ],
    maxAge: PREFLIGHT_MAX_AGE_S,
  };
}
