import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newRowId } from '../../common/ids.js';
import { AuthConfig } from '../../config/config.js';
import type { User } from '../../user/user.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { AccessTokens } from './access-tokens.service.js';
import { RefreshTokens } from './refresh-tokens.service.js';

/** Tokens of guests: no password could begin another sign-in, so one access token lasts as long as the family. */
@Injectable()
export class GuestTokens {
  constructor(
    private readonly families: TokenFamilyStore,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly config: AuthConfig,
  ) {}

  /** UNAUTHORIZED where the account is gone again. */
  async open(guest: User): Promise<string> {
    const id = newRowId();
    const family = { id, userId: guest.id, expiresAt: this.refreshTokens.expiry() };
    // A family has a refresh token; this one is given to nobody.
    const isOpen = await this.families.open(family, this.refreshTokens.hashOf(this.refreshTokens.make()));
    if (!isOpen) throw new TalksyError('UNAUTHORIZED');
    return (await this.accessTokens.issue(guest, id, this.config.refreshExpiryMs)).accessToken;
  }
}
