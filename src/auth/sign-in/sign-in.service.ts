import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { AuditLog } from '../../observability/audit-log.service.js';
import { type AccountView, accountView } from '../../user/account-view.js';
import { Accounts } from '../../user/accounts.service.js';
import { SignInOpener } from '../tokens/sign-in-opener.service.js';
import type { TokenPair } from '../tokens/token-pair.js';
import { LoginAttempts } from './login-attempts.service.js';
import { requireUncommon } from './new-password.js';
import { Passwords } from './passwords.service.js';

export interface SignedIn extends TokenPair {
  user: AccountView;
}

/** One error for an unknown email and a wrong password. */
const refused = (): TalksyError => new TalksyError('UNAUTHORIZED', 'The email or the password is wrong.');

/** Begins sign-ins. Each one is a token family of its own. `from` is the caller's address. */
@Injectable()
export class SignInService {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly attempts: LoginAttempts,
    private readonly opener: SignInOpener,
    private readonly audit: AuditLog,
  ) {}

  /** A new account, signed in. EMAIL_TAKEN; VALIDATION_ERROR for a common password; OVERLOADED. */
  register(email: string, password: string, from: string | undefined): Promise<SignedIn> {
    return this.audit.witness({ what: 'account.register', from, email }, async (event) => {
      await requireUncommon(password, email, 'password');
      const passwordHash = await this.passwords.hash(password);
      const user = await this.accounts.create(email, passwordHash);
      event.who = user.id;
      const pair = await this.opener.open(user, passwordHash);
      if (!pair) throw refused();
      return { user: accountView(user), ...pair };
    });
  }

  /**
   * UNAUTHORIZED for an unknown email and a wrong password alike, in like time; RATE_LIMIT_EXCEEDED after too many
   * of them; ACCOUNT_DISABLED for who knows the password; OVERLOADED.
   */
  login(email: string, password: string, from: string | undefined): Promise<SignedIn> {
    return this.audit.witness({ what: 'account.login', from, email }, async (event) => {
      const user = await this.accounts.findByEmail(email);
      const check = () => this.passwords.matches(password, user?.passwordHash);
      const isRight = await this.attempts.judge(email, from, check);
      if (user) event.who = user.id;
      if (!user || !isRight) throw refused();
      if (user.disabledAt) throw new TalksyError('ACCOUNT_DISABLED');
      const pair = await this.opener.open(user, user.passwordHash);
      if (!pair) throw refused();
      return { user: accountView(user), ...pair };
    });
  }
}
