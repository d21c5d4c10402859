import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { RefreshTokens } from './refresh-tokens.service.js';

/** Ends sign-ins, and tells every node, which then closes their sockets. */
@Injectable()
export class SignOutService {
  constructor(
    private readonly families: TokenFamilyStore,
    private readonly refreshTokens: RefreshTokens,
    private readonly bus: EventBus,
  ) {}

  /** Ends the family of this refresh token, spent or not. A token nobody knows is a sign-in that has ended: no error. */
  async logout(refreshToken: string): Promise<void> {
    const stored = await this.families.findToken(this.refreshTokens.hashOf(refreshToken));
    if (stored) await this.endFamily(stored.family.id);
  }

  /** Revokes the family, then publishes it: also where it was revoked, since an earlier message may not have left. */
  async endFamily(familyId: string): Promise<void> {
    await this.families.revoke(familyId);
    await this.bus.publish('family.revoked', { familyId });
  }
}
