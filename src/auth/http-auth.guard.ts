import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { TalksyError } from '../common/errors/talksy-error.js';
import { invalidToken } from './tokens/access-claims.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';

/** Lets signed-in callers pass; `@CurrentPrincipal()` says who. Refuses with our errors, never with passport's. */
@Injectable()
export class HttpAuthGuard extends AuthGuard() {
  constructor(strategy: JwtStrategy) {
    super({ defaultStrategy: strategy.scheme });
  }

  /** `error` comes from our own check, `failure` from passport: no token, or one that is not genuine. */
  override handleRequest<Verified>(error: unknown, principal: Verified | false, failure: unknown): Verified {
    if (error) throw error;
    if (principal) return principal;
    const isMissing = failure instanceof Error && failure.message === 'No auth token';
    throw isMissing ? new TalksyError('UNAUTHORIZED') : invalidToken(failure);
  }
}
