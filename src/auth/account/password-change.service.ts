import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Accounts } from '../../user/accounts.service.js';
import type { Principal } from '../principal.js';
import { LoginAttempts } from '../sign-in/login-attempts.service.js';
import { requireUncommon } from '../sign-in/new-password.js';
import { Passwords } from '../sign-in/passwords.service.js';
import { SignOutService } from '../tokens/sign-out.service.js';
import type { ChangePasswordDto } from './change-password.dto.js';

/** Gives an account another password, and ends every sign-in but the one that asks. API keys stay. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly attempts: LoginAttempts,
    private readonly signOut: SignOutService,
  ) {}

  /**
   * UNAUTHORIZED where the current password is wrong, RATE_LIMIT_EXCEEDED after too many of those (a stolen token is
   * no way round the login's limits), VALIDATION_ERROR for a common password, FORBIDDEN for an account without one.
   */
  async change(principal: Principal, passwords: ChangePasswordDto, from: string | undefined): Promise<void> {
    const { currentPassword, newPassword } = passwords;
    const email = (await this.accounts.find(principal.userId))?.email ?? '';
    const user = await this.accounts.findByEmail(email);
    if (!user) throw new TalksyError('UNAUTHORIZED');
    if (!user.passwordHash) throw new TalksyError('FORBIDDEN', 'This account has no password.');
    const check = () => this.passwords.matches(currentPassword, user.passwordHash);
    if (!(await this.attempts.judge(email, from, check))) {
      throw new TalksyError('UNAUTHORIZED', 'currentPassword is wrong.');
    }
    await requireUncommon(newPassword, email, 'newPassword');
    await this.accounts.setPassword(user.id, await this.passwords.hash(newPassword));
    await this.signOut.endFamilies(user.id, principal.familyId);
  }
}
