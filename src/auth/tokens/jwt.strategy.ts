import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import { newSecretId } from '../../common/ids.js';
import type { Principal } from '../principal.js';
import { Secrets } from '../secrets/secrets.js';
import { TokenProof } from './token-proof.service.js';
import { VERIFY_RULES } from './token-rules.js';

/**
 * Access tokens from the `Authorization` header, under the same rules as everywhere. Passport's registry is one per
 * process: each app registers under a name of its own, so that two in one process do not admit each other's users.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) implements OnModuleDestroy {
  readonly scheme = `jwt-${newSecretId()}`;

  constructor(
    secrets: Secrets,
    private readonly tokens: TokenProof,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: keyProvider(secrets),
      ...VERIFY_RULES,
    });
    passport.use(this.scheme, this);
  }

  /** Whether the sign-in of a genuine token still stands. */
  override validate(payload: unknown): Promise<Principal> {
    return this.tokens.admit(payload);
  }

  onModuleDestroy(): void {
    passport.unuse(this.scheme);
  }
}

// passport-jwt's types know strings and buffers only; jsonwebtoken takes key objects, and never mistakes one for PEM.
const keyProvider = (secrets: Secrets): SecretOrKeyProvider => {
  return (_request, token: string, done) => done(null, secrets.verifying(token) as unknown as Buffer);
};
