import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { AccountStanding } from '../credentials/account-standing.service.js';
import type { Principal } from '../principal.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { type AccessClaims, readClaims } from './access-claims.js';
import { AccessTokens } from './access-tokens.service.js';

/** Proves access tokens: genuine, and of a sign-in and an account that still stand. */
@Injectable()
export class TokenProof {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly families: TokenFamilyStore,
    private readonly standing: AccountStanding,
    private readonly clock: Clock,
  ) {}

  /** Throws UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_DISABLED. */
  async prove(token: string): Promise<Principal> {
    return this.stand(await this.tokens.verify(token));
  }

  /** The same for a payload whose signature, issuer and audience somebody else has verified already. */
  async admit(payload: unknown): Promise<Principal> {
    return this.stand(readClaims(payload, this.clock.now()));
  }

  /** The same for a principal of an access token that was proven before. */
  async recheck({ userId, familyId = '', tokenId, expiresAt }: Principal): Promise<Principal> {
    return this.stand({ sub: userId, sid: familyId, jti: tokenId, exp: expiresAt / 1000 });
  }

  private async stand({ sub, sid, jti, exp }: AccessClaims): Promise<Principal> {
    const [family, user] = await Promise.all([this.families.findFamily(sid), this.standing.require(sub)]);
    const stands = family?.userId === sub && !family.revokedAt && family.expiresAt.getTime() > this.clock.now();
    if (!stands) throw new TalksyError('UNAUTHORIZED', 'This sign-in has ended; log in again.');
    const expiresAt = Math.min(exp * 1000, family.expiresAt.getTime());
    return { userId: sub, role: user.role, familyId: sid, tokenId: jti, expiresAt };
  }
}
