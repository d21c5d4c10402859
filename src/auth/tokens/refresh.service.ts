import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Accounts } from '../../user/accounts.service.js';
import { type StoredRefreshToken, TokenFamilyStore } from '../token-family-store.port.js';
import { AccessTokens } from './access-tokens.service.js';
import { RefreshTokens } from './refresh-tokens.service.js';
import { SignOutService } from './sign-out.service.js';
import { type TokenPair, tokenPair } from './token-pair.js';

const ended = () => new TalksyError('UNAUTHORIZED', 'This refresh token is no longer valid; log in again.');

/** Whose refresh token it is: learnt on the way, and noted with the outcome. */
export interface RefreshSubject {
  who?: string;
  about?: string;
}

/** Exchanges refresh tokens. Any number of callers with one token get one lineage. */
@Injectable()
export class RefreshService {
  constructor(
    private readonly families: TokenFamilyStore,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly accounts: Accounts,
    private readonly signOut: SignOutService,
  ) {}

  /**
   * A new pair. TOKEN_REUSED, and the end of the family, where the token was spent too long ago; ACCOUNT_DISABLED;
   * else UNAUTHORIZED. Tells `subject` whose token it is, as soon as that is known.
   */
  async refresh(token: string, subject: RefreshSubject = {}): Promise<TokenPair> {
    const stored = await this.find(token);
    Object.assign(subject, { who: stored.family.userId, about: stored.family.id });
    const user = await this.accounts.find(stored.family.userId);
    if (!user) throw ended();
    if (user.disabledAt) throw new TalksyError('ACCOUNT_DISABLED');
    const successor = this.refreshTokens.successorOf(token);
    await this.spend(token, successor, stored);
    return tokenPair(await this.accessTokens.issue(user, stored.family.id), successor);
  }

  private async spend(token: string, successor: string, stored: StoredRefreshToken): Promise<void> {
    if (!(await this.isRotatable(stored))) return;
    const [spent, next] = [token, successor].map((value) => this.refreshTokens.hashOf(value)) as [string, string];
    if (await this.families.rotate(spent, next, this.refreshTokens.expiry())) return;
    // Somebody was faster: with the same token, which is fine within the window, or with the end of the family.
    if (await this.isRotatable(await this.find(token))) throw ended();
  }

  /** False where the token is just spent, and its successor stands already. */
  private async isRotatable(stored: StoredRefreshToken): Promise<boolean> {
    const verdict = this.refreshTokens.judge(stored);
    if (verdict === 'ended') throw ended();
    if (verdict !== 'reused') return verdict === 'rotate';
    await this.signOut.endFamily(stored.family.id);
    throw new TalksyError('TOKEN_REUSED');
  }

  private async find(token: string): Promise<StoredRefreshToken> {
    const stored = await this.families.findToken(this.refreshTokens.hashOf(token));
    if (!stored) throw ended();
    return stored;
  }
}
