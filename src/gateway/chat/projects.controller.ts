import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { Organizations } from '../../user/organizations.service.js';
import { GroupRoutes } from './group-routes.js';
import { MemberLookup } from './member-lookup.service.js';
import { groupView, type GroupView } from './organization-view.js';
import { CreateProjectBody, ProjectsQuery } from './organizations.dto.js';

/** The projects that the caller is in, as their member or as one of their organization. */
@Controller('api/projects')
@Raw()
@UseGuards(HttpAuthGuard)
export class ProjectsController extends GroupRoutes {
  protected readonly kind = 'project';
  protected readonly title = 'Project';

  constructor(
    protected readonly organizations: Organizations,
    protected readonly lookup: MemberLookup,
  ) {
    super();
  }

  @Get()
  async list(@CurrentPrincipal() { userId }: Principal, @Query() { orgId }: ProjectsQuery): Promise<GroupView[]> {
    return (await this.organizations.listProjects(userId, orgId)).map(groupView);
  }

  @Post()
  async create(@CurrentPrincipal() { userId }: Principal, @Body() body: CreateProjectBody): Promise<GroupView> {
    return groupView(await this.organizations.createProject(userId, body.name, body.orgId));
  }
}
