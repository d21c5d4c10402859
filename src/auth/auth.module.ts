import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { UserModule } from '../user/user.module.js';
import { AuthController } from './auth.controller.js';
import { CredentialService } from './credential.service.js';
import { HttpAuthGuard } from './http-auth.guard.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { Secrets } from './secrets/secrets.js';
import { Passwords } from './sign-in/passwords.service.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { ExpiredFamilies } from './tokens/expired-families.service.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';
import { RefreshTokens } from './tokens/refresh-tokens.service.js';
import { RefreshService } from './tokens/refresh.service.js';
import { SignOutService } from './tokens/sign-out.service.js';
import { SIGN_RULES, VERIFY_RULES } from './tokens/token-rules.js';

const jwtModule = JwtModule.registerAsync({
  imports: [SecretsModule],
  inject: [Secrets],
  useFactory: ({ jwtKey }: Secrets) => ({ secret: jwtKey, signOptions: SIGN_RULES, verifyOptions: VERIFY_RULES }),
});

/** Login and credentials. Other rooms import it for CredentialService, or to put HttpAuthGuard on their routes. */
@Module({
  imports: [UserModule, SecretsModule, jwtModule],
  controllers: [AuthController],
  providers: [
    AccessTokens,
    CredentialService,
    ExpiredFamilies,
    HttpAuthGuard,
    JwtStrategy,
    Passwords,
    RefreshService,
    RefreshTokens,
    SignInService,
    SignOutService,
  ],
  exports: [CredentialService, HttpAuthGuard, JwtStrategy],
})
export class AuthModule {}
