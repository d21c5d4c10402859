import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { AuditLog } from '../observability/audit-log.service.js';
import { CredentialService } from './credential.service.js';
import { sentCredential } from './credentials/sent-credential.js';
import { Guests } from './guests.service.js';
import type { Principal } from './principal.js';
import { invalidToken } from './tokens/access-claims.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';

const noted = new WeakSet<Request>();

/**
 * Lets callers with an access token or an API key pass; `@CurrentPrincipal()` says who. Passport proves tokens that
 * are not known yet. Refuses with our errors, never with passport's.
 */
@Injectable()
export class HttpAuthGuard extends AuthGuard() {
  constructor(
    strategy: JwtStrategy,
    private readonly credentials: CredentialService,
    private readonly audit: AuditLog,
    private readonly guests: Guests,
  ) {
    super({ defaultStrategy: strategy.scheme });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const sent = sentCredential(request.headers);
    const credential = sent ?? (await this.welcomeGuest(context));
    const byPassport = async () => {
      await super.canActivate(context);
      return request.user;
    };
    try {
      // Passport looks into the request, where a new guest has nothing.
      request.user = await this.credentials.authenticate(credential, sent === undefined ? undefined : byPassport);
    } catch (error) {
      this.noteOnce(request, error);
      throw error;
    }
    return true;
  }

  /** Where nobody has to sign in: the answer's `X-Guest-Token` is what the guest is to send from now on. */
  private async welcomeGuest(context: ExecutionContext): Promise<string> {
    const http = context.switchToHttp();
    const token = await this.guests.welcome(http.getRequest<Request>().ip);
    http.getResponse<Response>().setHeader('X-Guest-Token', token);
    return token;
  }

  /** Limits ask before the route does: one request is one event. */
  private noteOnce(request: Request, error: unknown): void {
    if (!noted.has(request)) this.audit.note({ what: 'credential.check', from: request.ip }, error);
    noted.add(request);
  }

  /** `error` comes from our own check, `failure` from passport: the token is not genuine. */
  override handleRequest<Verified>(error: unknown, principal: Verified | false, failure: unknown): Verified {
    if (error) throw error;
    if (principal) return principal;
    throw invalidToken(failure);
  }
}
