import { Injectable } from '@nestjs/common';
import { CredentialService } from '../../auth/credential.service.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { AuditLog } from '../../observability/audit-log.service.js';

const MAX_CREDENTIAL_LENGTH = 8192;

/** Proves credentials that come over sockets, and notes those that are refused. */
@Injectable()
export class SocketProof {
  constructor(
    private readonly credentials: CredentialService,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Whose credential this is. `from` and `what` are the address and the event, for the audit log. */
  async authenticate(credential: unknown, from: string | undefined, what: string): Promise<Principal> {
    if (typeof credential !== 'string' || credential === '' || credential.length > MAX_CREDENTIAL_LENGTH) {
      throw new TalksyError('UNAUTHORIZED', 'Send an access token as auth.token of the handshake, or auth.apiKey.');
    }
    try {
      const principal = await this.credentials.authenticate(credential);
      // The tolerance is for requests: a connection that is over at once helps nobody.
      if (principal.expiresAt <= this.clock.now()) throw new TalksyError('TOKEN_EXPIRED');
      return principal;
    } catch (error) {
      this.audit.note({ what, from }, error);
      throw error;
    }
  }
}
