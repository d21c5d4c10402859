import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newRowId } from '../../common/ids.js';
import { type AccountView, accountView } from '../../user/account-view.js';
import { Accounts } from '../../user/accounts.service.js';
import type { User } from '../../user/user.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { AccessTokens } from '../tokens/access-tokens.service.js';
import { RefreshTokens } from '../tokens/refresh-tokens.service.js';
import { type TokenPair, tokenPair } from '../tokens/token-pair.js';
import { Passwords } from './passwords.service.js';

export interface SignedIn extends TokenPair {
  user: AccountView;
}

/** Begins sign-ins. Each one is a token family of its own. */
@Injectable()
export class SignInService {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly families: TokenFamilyStore,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** A new account, signed in. EMAIL_TAKEN. */
  async register(email: string, password: string): Promise<SignedIn> {
    return this.signIn(await this.accounts.create(email, await this.passwords.hash(password)));
  }

  /** UNAUTHORIZED for an unknown email and a wrong password alike, in like time. */
  async login(email: string, password: string): Promise<SignedIn> {
    const user = await this.accounts.findByEmail(email);
    const matches = await this.passwords.matches(password, user?.passwordHash);
    if (!user || !matches) throw new TalksyError('UNAUTHORIZED', 'The email or the password is wrong.');
    return this.signIn(user);
  }

  private async signIn(user: User): Promise<SignedIn> {
    const familyId = newRowId();
    const refreshToken = this.refreshTokens.make();
    const family = { id: familyId, userId: user.id, expiresAt: this.refreshTokens.expiry() };
    await this.families.open(family, this.refreshTokens.hashOf(refreshToken));
    const access = await this.accessTokens.issue(user, familyId);
    return { user: accountView(user), ...tokenPair(access, refreshToken) };
  }
}
