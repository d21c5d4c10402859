import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { CredentialService } from '../../auth/credential.service.js';
import type { Principal } from '../../auth/principal.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { ServerConfig } from '../../config/config.js';
import { mayOpenSocket } from './cors-options.js';

/** Decides who may make a websocket of a request. */
@Injectable()
export class UpgradeAdmission {
  constructor(
    private readonly credentials: CredentialService,
    private readonly lifecycle: Lifecycle,
    private readonly config: ServerConfig,
  ) {}

  /** Throws SHUTTING_DOWN, FORBIDDEN for pages of foreign origins, UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_DISABLED. */
  async admit({ headers }: IncomingMessage): Promise<Principal> {
    if (this.lifecycle.phase === 'draining') throw new TalksyError('SHUTTING_DOWN', undefined, { retryAfterMs: 1000 });
    if (!mayOpenSocket(headers, this.config))
      throw new TalksyError('FORBIDDEN', 'Pages of this origin may not connect; CORS_ORIGIN names those that may.');
    return this.credentials.authenticateHeaders(headers);
  }
}
