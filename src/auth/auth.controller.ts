import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { type AccountView, accountView } from '../user/account-view.js';
import { Accounts } from '../user/accounts.service.js';
import { CurrentPrincipal } from './current-principal.decorator.js';
import { HttpAuthGuard } from './http-auth.guard.js';
import type { Principal } from './principal.js';
import { LoginDto, RegisterDto } from './sign-in/credentials.dto.js';
import { type SignedIn, SignInService } from './sign-in/sign-in.service.js';
import { RefreshTokenDto } from './tokens/refresh-token.dto.js';
import { RefreshService } from './tokens/refresh.service.js';
import { SignOutService } from './tokens/sign-out.service.js';
import type { TokenPair } from './tokens/token-pair.js';

/** Accounts and sign-ins over REST. Answers hold tokens, so no cache may keep them. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignInService,
    private readonly refreshes: RefreshService,
    private readonly signOut: SignOutService,
    private readonly accounts: Accounts,
  ) {}

  @Post('register')
  @Header('Cache-Control', 'no-store')
  register(@Body() { email, password }: RegisterDto): Promise<SignedIn> {
    return this.signIn.register(email, password);
  }

  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  login(@Body() { email, password }: LoginDto): Promise<SignedIn> {
    return this.signIn.login(email, password);
  }

  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  refresh(@Body() { refreshToken }: RefreshTokenDto): Promise<TokenPair> {
    return this.refreshes.refresh(refreshToken);
  }

  @Post('logout')
  @HttpCode(200)
  async logout(@Body() { refreshToken }: RefreshTokenDto): Promise<Record<string, never>> {
    await this.signOut.logout(refreshToken);
    return {};
  }

  @Get('me')
  @UseGuards(HttpAuthGuard)
  @Header('Cache-Control', 'no-store')
  async me(@CurrentPrincipal() principal: Principal): Promise<AccountView> {
    const user = await this.accounts.find(principal.userId);
    if (!user) throw new TalksyError('UNAUTHORIZED');
    return accountView(user);
  }
}
