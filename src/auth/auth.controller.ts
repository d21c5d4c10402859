import { Body, Controller, Header, HttpCode, Ip, Post } from '@nestjs/common';
import { AuditLog } from '../observability/audit-log.service.js';
import { LoginDto, RegisterDto } from './sign-in/credentials.dto.js';
import { type SignedIn, SignInService } from './sign-in/sign-in.service.js';
import { RefreshTokenDto } from './tokens/refresh-token.dto.js';
import { RefreshService } from './tokens/refresh.service.js';
import { SignOutService } from './tokens/sign-out.service.js';
import type { TokenPair } from './tokens/token-pair.js';

/** Sign-ins over REST. Answers hold tokens, so no cache may keep them. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignInService,
    private readonly refreshes: RefreshService,
    private readonly signOut: SignOutService,
    private readonly audit: AuditLog,
  ) {}

  @Post('register')
  @Header('Cache-Control', 'no-store')
  register(@Body() { email, password }: RegisterDto, @Ip() from: string): Promise<SignedIn> {
    return this.signIn.register(email, password, from);
  }

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  login(@Body() { email, password }: LoginDto, @Ip() from: string): Promise<SignedIn> {
    return this.signIn.login(email, password, from);
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  refresh(@Body() { refreshToken }: RefreshTokenDto, @Ip() from: string): Promise<TokenPair> {
    const event = { what: 'token.refresh', from };
    return this.audit.witness(event, (subject) => this.refreshes.refresh(refreshToken, subject));
  }

  @Post('logout')
  @HttpCode(200)
  async logout(@Body() { refreshToken }: RefreshTokenDto, @Ip() from: string): Promise<Record<string, never>> {
    await this.signOut.logout(refreshToken, from);
    return {};
  }
}
