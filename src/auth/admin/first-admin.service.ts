import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { EventBus } from '../../common/event-bus.port.js';
import { AuthConfig } from '../../config/config.js';
import { AuditLog } from '../../observability/audit-log.service.js';
import { Accounts } from '../../user/accounts.service.js';
import { Passwords } from '../sign-in/passwords.service.js';

/**
 * Makes the admin of the configuration at start: a new account, or one that exists and has this password. Nodes that
 * start together make one account. Somebody who took the email before is not promoted, and the log says so.
 */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  constructor(
    private readonly config: AuthConfig,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { email, password } = this.config.admin ?? {};
    if (email && password) await this.ensure(email, password);
  }

  private async ensure(email: string, password: string): Promise<void> {
    const known = await this.accounts.findByEmail(email);
    if (known?.role === 'admin') return;
    if (known) return this.promote(known.id, email, await this.passwords.matches(password, known.passwordHash));
    const passwordHash = await this.passwords.hash(password);
    const made = await this.accounts.create(email, passwordHash, 'admin').catch((error: unknown) => {
      // Another node was faster.
      if (error instanceof TalksyError && error.code === 'EMAIL_TAKEN') return undefined;
      throw error;
    });
    if (made) this.audit.note({ what: 'admin.create', from: undefined, who: made.id, email });
  }

  private async promote(id: string, email: string, isOwner: boolean): Promise<void> {
    const event = { what: 'admin.promote', from: undefined, who: id, email };
    if (!isOwner) return this.audit.note(event, new TalksyError('FORBIDDEN'));
    await this.accounts.change(id, { role: 'admin' });
    await this.bus.publish('account.changed', { userId: id });
    this.audit.note(event);
  }
}
