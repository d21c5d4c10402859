import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { TalksyError } from '../common/errors/talksy-error.js';
import { AuditLog } from '../observability/audit-log.service.js';
import { sentCredential } from './credentials/sent-credential.js';
import { HttpAuthGuard } from './http-auth.guard.js';
import type { Principal } from './principal.js';
import { StreamTickets } from './stream-tickets/stream-tickets.service.js';

/** As HttpAuthGuard, but a stream that is only read may also be opened with `?ticket=`. */
@Injectable()
export class StreamAuthGuard implements CanActivate {
  constructor(
    private readonly http: HttpAuthGuard,
    private readonly tickets: StreamTickets,
    private readonly audit: AuditLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    const { ticket } = request.query;
    if (ticket === undefined || request.method !== 'GET') return this.http.canActivate(context);
    if (typeof ticket !== 'string' || sentCredential(request.headers) !== undefined) {
      throw new TalksyError('UNAUTHORIZED', 'Send one ticket, or a credential in a header; not both.');
    }
    const event = { what: 'stream-ticket.redeem', from: request.ip };
    request.user = await this.tickets.redeem(ticket).catch((error: unknown) => {
      this.audit.note(event, error);
      throw error;
    });
    return true;
  }
}
