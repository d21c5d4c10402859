import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import { AuthConfig } from '../config/config.js';
import { AuditLog } from '../observability/audit-log.service.js';
import { rateLimitExceeded } from '../rate-limit/rate-limit-error.js';
import { RequestLimit } from '../rate-limit/request-limit.service.js';
import { Accounts } from '../user/accounts.service.js';
import { inventedEmail } from '../user/email.js';
import { GuestTokens } from './tokens/guest-tokens.service.js';

/** Callers without a credential, where nobody has to sign in: each is an account of role `guest` with a token. */
@Injectable()
export class Guests {
  constructor(
    private readonly config: AuthConfig,
    private readonly accounts: Accounts,
    private readonly tokens: GuestTokens,
    private readonly limit: RequestLimit,
    private readonly audit: AuditLog,
  ) {}

  get areWelcome(): boolean {
    return !this.config.required;
  }

  /**
   * The token of a new guest, an access token that lives as long as a sign-in. UNAUTHORIZED where callers must sign
   * in; RATE_LIMIT_EXCEEDED for an address that makes too many.
   */
  async welcome(from: string | undefined): Promise<string> {
    if (!this.areWelcome) throw new TalksyError('UNAUTHORIZED');
    const verdict = await this.limit.takeSignIn(from);
    if (verdict && !verdict.allowed) throw rateLimitExceeded('guests and sign-ins from one address', verdict);
    return this.audit.witness({ what: 'guest.welcome', from }, async (event) => {
      const id = newRowId();
      event.who = id;
      const guest = await this.accounts.ensure(id, inventedEmail(id, 'guest'), 'guest');
      return this.tokens.open(guest);
    });
  }
}
