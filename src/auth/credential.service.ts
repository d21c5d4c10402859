import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import { Accounts } from '../user/accounts.service.js';
import type { Principal } from './principal.js';
import { TokenFamilyStore } from './token-family-store.port.js';
import { type AccessClaims, readClaims } from './tokens/access-claims.js';
import { AccessTokens } from './tokens/access-tokens.service.js';

/** Turns a plain credential into a principal: the one check behind HTTP and sockets. */
@Injectable()
export class CredentialService {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly families: TokenFamilyStore,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Whose token this is. UNAUTHORIZED where it is forged, or its sign-in or account has ended; TOKEN_EXPIRED. */
  async authenticate(token: string): Promise<Principal> {
    return this.standing(await this.tokens.verify(token));
  }

  /** The same for a payload whose signature, issuer and audience somebody else has verified already. */
  async admit(payload: unknown): Promise<Principal> {
    return this.standing(readClaims(payload, this.clock.now()));
  }

  private async standing({ sub, sid, jti, exp }: AccessClaims): Promise<Principal> {
    const [family, user] = await Promise.all([this.families.findFamily(sid), this.accounts.find(sub)]);
    const stands = family?.userId === sub && !family.revokedAt && family.expiresAt.getTime() > this.clock.now();
    if (!stands || !user) throw new TalksyError('UNAUTHORIZED', 'This sign-in has ended; log in again.');
    return { userId: user.id, role: user.role, familyId: sid, tokenId: jti, expiresAt: exp * 1000 };
  }
}
