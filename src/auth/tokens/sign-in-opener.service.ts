import { Injectable } from '@nestjs/common';
import { newRowId } from '../../common/ids.js';
import type { User } from '../../user/user.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { AccessTokens } from './access-tokens.service.js';
import { RefreshTokens } from './refresh-tokens.service.js';
import { type TokenPair, tokenPair } from './token-pair.js';

/** Opens token families. */
@Injectable()
export class SignInOpener {
  constructor(
    private readonly families: TokenFamilyStore,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** The first pair of a new family; undefined where the account has ended or its password has changed meanwhile. */
  async open(user: User, passwordHash: string | undefined): Promise<TokenPair | undefined> {
    const id = newRowId();
    const refreshToken = this.refreshTokens.make();
    const family = {
      id,
      userId: user.id,
      expiresAt: this.refreshTokens.expiry(),
      ...(passwordHash && { passwordHash }),
    };
    if (!(await this.families.open(family, this.refreshTokens.hashOf(refreshToken)))) return undefined;
    return tokenPair(await this.accessTokens.issue(user, id), refreshToken);
  }
}
