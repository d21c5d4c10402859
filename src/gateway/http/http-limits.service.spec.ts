import { Metrics } from '../../observability/metrics.service.js';
import { Refusals } from '../../rate-limit/refusals.service.js';
import type { Request, Response } from 'express';
import type { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { loadConfig } from '../../config/load-config.js';
import { RequestLimit } from '../../rate-limit/request-limit.service.js';
import { MemoryRateCounter } from '../../storage/rate-counter/memory-rate-counter.adapter.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { HttpLimits } from './http-limits.service.js';

/** What a request with this header gets, and the headers of its answer, where proving a credential ends like this. */
async function pass(failure: Error, headers: Record<string, string>): Promise<{ error: unknown; sent: string[] }> {
  const clock = new FakeClock();
  const guard = { canActivate: () => Promise.reject(failure) } as unknown as HttpAuthGuard;
  const limit = new RequestLimit(new MemoryRateCounter(clock), loadConfig({}).limits, new Refusals(new Metrics()));
  const sent: string[] = [];
  const request = { method: 'GET', path: '/', headers, socket: { remoteAddress: '192.0.2.1' } };
  const response = { setHeader: (name: string) => sent.push(name) };
  const middleware = new HttpLimits(limit, guard, clock).middleware(() => false);
  const error = await new Promise((resolve) => {
    void middleware(request as unknown as Request, response as unknown as Response, resolve);
  });
  return { error, sent };
}

const HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

describe('A request whose credential', () => {
  it.each(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'ACCOUNT_DISABLED'] as const)(
    'ends in %s counts for its address and goes on to its route',
    async (code) => {
      const { error, sent } = await pass(new TalksyError(code), { 'x-api-key': 'tk_something' });
      expect([error, sent]).toEqual([undefined, HEADERS]);
    },
  );

  it.each([new TalksyError('STORE_UNAVAILABLE'), new Error('a bug')])(
    'cannot be looked at (%s) is told so at once, and counts for nobody',
    async (failure) => {
      const { error, sent } = await pass(failure, { authorization: 'Bearer something' });
      expect([error, sent]).toEqual([failure, []]);
    },
  );
});
