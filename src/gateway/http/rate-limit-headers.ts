import type { ServerResponse } from 'node:http';
import type { RateVerdict } from '../../rate-limit/rate-counter.port.js';

/**
 * `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds from now until all is to be had again), the three fields of
 * draft-ietf-httpapi-ratelimit-headers-06. Of several limits the one that was met last counts.
 */
export function setRateLimitHeaders(response: ServerResponse, verdict: RateVerdict, now: number): void {
  response.setHeader('RateLimit-Limit', verdict.limit);
  response.setHeader('RateLimit-Remaining', verdict.remaining);
  response.setHeader('RateLimit-Reset', Math.max(0, Math.ceil((verdict.resetAt - now) / 1000)));
}
