import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Accounts } from '../../user/accounts.service.js';
import type { User } from '../../user/user.js';
import { CredentialCache } from './credential-cache.service.js';

/** Whether an account may act now. */
@Injectable()
export class AccountStanding {
  constructor(
    private readonly accounts: Accounts,
    private readonly cache: CredentialCache,
  ) {}

  /** The account; UNAUTHORIZED where it is gone, ACCOUNT_DISABLED. */
  async require(userId: string): Promise<User> {
    const user = await this.cache.user(userId, () => this.accounts.find(userId));
    if (!user) throw new TalksyError('UNAUTHORIZED', 'This sign-in has ended; log in again.');
    if (user.disabledAt) throw new TalksyError('ACCOUNT_DISABLED');
    return user;
  }
}
