import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuditModule } from '../observability/audit.module.js';
import { RateLimitModule } from '../rate-limit/rate-limit.module.js';
import { UserModule } from '../user/user.module.js';
import { AccountController } from './account/account.controller.js';
import { AccountEnding } from './account/account-ending.service.js';
import { PasswordChange } from './account/password-change.service.js';
import { SignInOnlyGuard } from './account/sign-in-only.guard.js';
import { AdminUsersController } from './admin/admin-users.controller.js';
import { FirstAdmin } from './admin/first-admin.service.js';
import { UserAdmin } from './admin/user-admin.service.js';
import { ApiKeyProof } from './api-keys/api-key-proof.service.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeys } from './api-keys/api-keys.service.js';
import { KeyUse } from './api-keys/key-use.service.js';
import { ServiceKeys } from './api-keys/service-keys.service.js';
import { AuthController } from './auth.controller.js';
import { CredentialService } from './credential.service.js';
import { AccountStanding } from './credentials/account-standing.service.js';
import { CredentialCache } from './credentials/credential-cache.service.js';
import { Guests } from './guests.service.js';
import { HttpAuthGuard } from './http-auth.guard.js';
import { RolesGuard } from './roles.guard.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { Secrets } from './secrets/secrets.js';
import { LoginAttempts } from './sign-in/login-attempts.service.js';
import { Passwords } from './sign-in/passwords.service.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { StreamAuthGuard } from './stream-auth.guard.js';
import { StreamTicketController } from './stream-tickets/stream-ticket.controller.js';
import { StreamTickets } from './stream-tickets/stream-tickets.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { ExpiredFamilies } from './tokens/expired-families.service.js';
import { jwtOptions } from './tokens/jwt-options.js';
import { GuestTokens } from './tokens/guest-tokens.service.js';
import { JwtStrategy } from './tokens/jwt.strategy.js';
import { RefreshTokens } from './tokens/refresh-tokens.service.js';
import { RefreshService } from './tokens/refresh.service.js';
import { SignInOpener } from './tokens/sign-in-opener.service.js';
import { SignOutService } from './tokens/sign-out.service.js';
import { TokenProof } from './tokens/token-proof.service.js';

const jwtModule = JwtModule.registerAsync({ imports: [SecretsModule], inject: [Secrets], useFactory: jwtOptions });

const TOKENS = [
  AccessTokens,
  ExpiredFamilies,
  JwtStrategy,
  RefreshService,
  RefreshTokens,
  SignInOpener,
  SignOutService,
];
const SIGN_IN = [LoginAttempts, Passwords, SignInService];
const API_KEYS = [ApiKeyProof, ApiKeys, KeyUse, ServiceKeys];
const ACCOUNTS = [AccountEnding, FirstAdmin, PasswordChange, UserAdmin];
const GUESTS = [Guests, GuestTokens];
const PROOF = [AccountStanding, CredentialCache, CredentialService, StreamTickets, TokenProof];
const GUARDS = [HttpAuthGuard, RolesGuard, SignInOnlyGuard, StreamAuthGuard];

/** Login and credentials. Other rooms import it for CredentialService, or to put HttpAuthGuard on their routes. */
@Module({
  imports: [AuditModule, RateLimitModule, UserModule, SecretsModule, jwtModule],
  controllers: [AuthController, AccountController, ApiKeysController, StreamTicketController, AdminUsersController],
  providers: [...TOKENS, ...SIGN_IN, ...API_KEYS, ...ACCOUNTS, ...PROOF, ...GUESTS, ...GUARDS],
  exports: [
    AuditModule,
    CredentialService,
    Guests,
    HttpAuthGuard,
    JwtStrategy,
    RolesGuard,
    StreamAuthGuard,
    StreamTickets,
  ],
})
export class AuthModule {}
