import { Body, Controller, Delete, Get, Header, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import { AuditLog } from '../../observability/audit-log.service.js';
import { type AccountView, accountView } from '../../user/account-view.js';
import { AccountStanding } from '../credentials/account-standing.service.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import { HttpAuthGuard } from '../http-auth.guard.js';
import type { Principal } from '../principal.js';
import { AccountEnding } from './account-ending.service.js';
import { ChangePasswordDto } from './change-password.dto.js';
import { PasswordChange } from './password-change.service.js';
import { SignInOnlyGuard } from './sign-in-only.guard.js';

/** One's own account over REST. */
@Controller('auth')
@UseGuards(HttpAuthGuard)
export class AccountController {
  constructor(
    private readonly standing: AccountStanding,
    private readonly passwordChange: PasswordChange,
    private readonly ending: AccountEnding,
    private readonly audit: AuditLog,
  ) {}

  @Get('me')
  @Header('Cache-Control', 'no-store')
  async me(@CurrentPrincipal() { userId }: Principal): Promise<AccountView> {
    return accountView(await this.standing.require(userId));
  }

  @Delete('me')
  @UseGuards(SignInOnlyGuard)
  async deleteMe(@CurrentPrincipal() { userId }: Principal, @Ip() from: string): Promise<Record<string, never>> {
    await this.audit.witness({ what: 'account.delete', from, who: userId }, () => this.ending.delete(userId));
    return {};
  }

  @Post('password')
  @HttpCode(200)
  @UseGuards(SignInOnlyGuard)
  async changePassword(
    @CurrentPrincipal() principal: Principal,
    @Body() passwords: ChangePasswordDto,
    @Ip() from: string,
  ): Promise<Record<string, never>> {
    const event = { what: 'account.change-password', from, who: principal.userId };
    await this.audit.witness(event, () => this.passwordChange.change(principal, passwords, from));
    return {};
  }
}
