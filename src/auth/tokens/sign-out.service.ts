import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { AuditLog } from '../../observability/audit-log.service.js';
import { TokenFamilyStore } from '../token-family-store.port.js';
import { RefreshTokens } from './refresh-tokens.service.js';

/** Ends sign-ins, and tells every node, which then forgets them and closes their sockets. */
@Injectable()
export class SignOutService {
  constructor(
    private readonly families: TokenFamilyStore,
    private readonly refreshTokens: RefreshTokens,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
  ) {}

  /** Ends the family of this refresh token, spent or not. A token nobody knows is a sign-in that has ended: no error. */
  logout(refreshToken: string, from: string | undefined): Promise<void> {
    return this.audit.witness({ what: 'account.logout', from }, async (event) => {
      const stored = await this.families.findToken(this.refreshTokens.hashOf(refreshToken));
      if (!stored) return;
      Object.assign(event, { who: stored.family.userId, about: stored.family.id });
      await this.endFamily(stored.family.id);
    });
  }

  /** Revokes the family, then publishes it: also where it was revoked, since an earlier message may not have left. */
  async endFamily(familyId: string): Promise<void> {
    await this.families.revoke(familyId);
    await this.bus.publish('family.revoked', { familyId });
  }

  /** Ends every family of the account but one. */
  async endFamilies(userId: string, exceptFamilyId?: string): Promise<void> {
    const ended = await this.families.revokeAllOf(userId, exceptFamilyId);
    for (const familyId of ended) await this.bus.publish('family.revoked', { familyId });
  }
}
