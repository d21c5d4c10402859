import { Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { ERROR_CODES } from '../../common/errors/error-codes.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { rateLimitExceeded } from '../../rate-limit/rate-limit-error.js';
import type { RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { RequestLimit } from '../../rate-limit/request-limit.service.js';
import { clientAddress, type ProxyTrust } from './client-address.js';
import { kindOf } from './limited-routes.js';
import { setRateLimitHeaders } from './rate-limit-headers.js';

/** Counts REST requests before anything is read or done for them. */
@Injectable()
export class HttpLimits {
  constructor(
    private readonly limit: RequestLimit,
    private readonly guard: HttpAuthGuard,
    private readonly clock: Clock,
  ) {}

  /** Express middleware: answers RATE_LIMIT_EXCEEDED to who calls too often, and tells everybody what is left. */
  middleware(trusts: ProxyTrust): RequestHandler {
    return (request, response, next) => {
      this.check(request, response, trusts).then(() => next(), next);
    };
  }

  private async check(request: Request, response: Response, trusts: ProxyTrust): Promise<void> {
    const kind = kindOf(request.method, request.path);
    if (kind === 'exempt' || !this.limit.isEnabled) return;
    const address = clientAddress(request, trusts);
    if (kind === 'sign-in') this.answer(response, 'sign-ins from one address', await this.limit.takeSignIn(address));
    const caller = await this.callerOf(request, response);
    const verdict = caller ? this.limit.takeForUser(caller.userId) : this.limit.takeForAddress(address);
    this.answer(response, 'requests', await verdict);
  }

  /** Proven as the routes prove it, so that they find it in the cache. What does not hold makes nobody a user. */
  private async callerOf(request: Request, response: Response): Promise<Principal | undefined> {
    const { headers } = request;
    if (headers.authorization === undefined && headers['x-api-key'] === undefined) return undefined;
    try {
      await this.guard.canActivate(new ExecutionContextHost([request, response]));
      return request.user as Principal | undefined;
    } catch (error) {
      const status = error instanceof TalksyError ? ERROR_CODES[error.code].http : undefined;
      if (status === 401 || status === 403) return undefined;
      throw error;
    }
  }

  private answer(response: Response, what: string, verdict: RateVerdict | undefined): void {
    if (!verdict) return;
    setRateLimitHeaders(response, verdict, this.clock.now());
    if (!verdict.allowed) throw rateLimitExceeded(what, verdict);
  }
}
