import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { Accounts } from '../../user/accounts.service.js';
import type { User } from '../../user/user.js';
import { SignOutService } from '../tokens/sign-out.service.js';

/** Ends what an account may do: on every node its lookups are dropped, its sockets close and its runs stop. */
@Injectable()
export class AccountEnding {
  constructor(
    private readonly accounts: Accounts,
    private readonly signOut: SignOutService,
    private readonly bus: EventBus,
  ) {}

  /** Ends every sign-in as well; keys are dead for as long as the account is disabled. CONFLICT for the last admin. */
  async disable(userId: string): Promise<User> {
    const user = await this.accounts.change(userId, { disabled: true });
    await this.bus.publish('account.ended', { userId, reason: 'disabled' });
    await this.signOut.endFamilies(userId);
    return user;
  }

  /** Deletes the account and everything of it, for good. CONFLICT for the last admin. */
  async delete(userId: string): Promise<void> {
    await this.accounts.delete(userId);
    await this.bus.publish('account.ended', { userId, reason: 'deleted' });
  }
}
