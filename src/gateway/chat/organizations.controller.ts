import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { Organizations } from '../../user/organizations.service.js';
import { GroupRoutes } from './group-routes.js';
import { MemberLookup } from './member-lookup.service.js';
import { groupView, type GroupView } from './organization-view.js';
import { NameBody } from './organizations.dto.js';

/** The organizations that the caller is in. */
@Controller('api/organizations')
@Raw()
@UseGuards(HttpAuthGuard)
export class OrganizationsController extends GroupRoutes {
  protected readonly kind = 'organization';
  protected readonly title = 'Organization';

  constructor(
    protected readonly organizations: Organizations,
    protected readonly lookup: MemberLookup,
  ) {
    super();
  }

  @Get()
  async list(@CurrentPrincipal() { userId }: Principal): Promise<GroupView[]> {
    return (await this.organizations.list(userId)).map(groupView);
  }

  @Post()
  async create(@CurrentPrincipal() { userId }: Principal, @Body() { name }: NameBody): Promise<GroupView> {
    return groupView(await this.organizations.create(userId, name));
  }
}
