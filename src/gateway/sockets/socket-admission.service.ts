import { Injectable } from '@nestjs/common';
import { CredentialService } from '../../auth/credential.service.js';
import type { Principal } from '../../auth/principal.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Lifecycle } from '../../common/lifecycle.js';
import type { TalksySocket } from './talksy-socket.js';

const MAX_TOKEN_LENGTH = 8192;

/** Decides who may connect. Only `auth.token` of the handshake counts: a token in a URL ends up in logs. */
@Injectable()
export class SocketAdmission {
  constructor(
    private readonly credentials: CredentialService,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Throws UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_DISABLED or SHUTTING_DOWN. */
  async admit(socket: TalksySocket): Promise<Principal> {
    if (this.lifecycle.phase === 'draining') throw new TalksyError('SHUTTING_DOWN', undefined, { retryAfterMs: 1000 });
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN_LENGTH) {
      throw new TalksyError('UNAUTHORIZED', 'Send an access token as auth.token of the handshake.');
    }
    return this.credentials.authenticate(token);
  }
}
