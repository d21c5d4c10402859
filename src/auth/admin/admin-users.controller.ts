import { Body, Controller, Get, Ip, Param, Patch, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { AuditLog } from '../../observability/audit-log.service.js';
import { type AccountView, accountView } from '../../user/account-view.js';
import type { User } from '../../user/user.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import { HttpAuthGuard } from '../http-auth.guard.js';
import type { Principal } from '../principal.js';
import { Roles, RolesGuard } from '../roles.guard.js';
import { ChangeUserDto } from './change-user.dto.js';
import { ListUsersDto } from './list-users.dto.js';
import { UserAdmin } from './user-admin.service.js';

/** An account as an admin sees it. */
interface AdminView extends AccountView {
  disabled: boolean;
}

const adminView = (user: User): AdminView => ({ ...accountView(user), disabled: user.disabledAt !== undefined });

/** All accounts, for admins. */
@Controller('admin/users')
@UseGuards(HttpAuthGuard, RolesGuard)
@Roles('admin')
export class AdminUsersController {
  constructor(
    private readonly admin: UserAdmin,
    private readonly audit: AuditLog,
  ) {}

  /** The next page, if there is one, is in the `Link` header. */
  @Get()
  async list(
    @Query() { limit, cursor }: ListUsersDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AdminView[]> {
    const { users, next } = await this.admin.list(limit, cursor);
    if (next !== undefined) response.setHeader('Link', `</admin/users?limit=${limit}&cursor=${next}>; rel="next"`);
    return users.map(adminView);
  }

  @Patch(':id')
  async change(
    @Param('id') id: string,
    @Body() change: ChangeUserDto,
    @CurrentPrincipal() { userId }: Principal,
    @Ip() from: string,
  ): Promise<AdminView> {
    const event = { what: 'account.administer', from, who: userId, about: id };
    return this.audit.witness(event, async () => adminView(await this.admin.change(id, change)));
  }
}
