import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../common/clock.js';
import { newSecretId } from '../../common/ids.js';
import { AuthConfig } from '../../config/config.js';
import type { User } from '../../user/user.js';
import { type AccessClaims, invalidToken, readClaims } from './access-claims.js';

export interface IssuedAccess {
  accessToken: string;
  /** Seconds from now. */
  expiresIn: number;
}

/** Access tokens: JWT, HS256. `verify` proves the token only; whether its sign-in still stands is another question. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
  ) {}

  /** A new token of this user in this token family, for `lifeMs`. */
  async issue(user: User, familyId: string, lifeMs = this.config.accessExpiryMs): Promise<IssuedAccess> {
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const expiresIn = Math.max(1, Math.round(lifeMs / 1000));
    const accessToken = await this.jwt.signAsync({
      sub: user.id,
      role: user.role,
      sid: familyId,
      jti: newSecretId(),
      iat: issuedAt,
      exp: issuedAt + expiresIn,
    });
    return { accessToken, expiresIn };
  }

  /** The claims of a genuine token; else UNAUTHORIZED, or TOKEN_EXPIRED where it was one. */
  async verify(token: string): Promise<AccessClaims> {
    const payload = await this.jwt.verifyAsync<object>(token).catch((error: unknown) => {
      throw invalidToken(error);
    });
    return readClaims(payload, this.clock.now());
  }
}
