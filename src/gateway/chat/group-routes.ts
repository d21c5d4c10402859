import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import type { Principal } from '../../auth/principal.js';
import type { GroupId, GroupKind } from '../../user/organization-store.port.js';
import type { Organizations } from '../../user/organizations.service.js';
import type { MemberLookup } from './member-lookup.service.js';
import { groupView, type GroupView, memberView, type MemberView } from './organization-view.js';
import { AddGroupMemberBody, GroupRoleBody, NameBody } from './organizations.dto.js';

/** What organizations and projects have in common over REST. */
export abstract class GroupRoutes {
  protected abstract readonly kind: GroupKind;
  /** For people, with a capital. */
  protected abstract readonly title: string;
  protected abstract readonly organizations: Organizations;
  protected abstract readonly lookup: MemberLookup;

  @Get(':id')
  async read(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<GroupView> {
    return groupView(await this.organizations.permit(this.group(id), userId, 'read'));
  }

  @Patch(':id')
  async rename(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Body() { name }: NameBody,
  ): Promise<GroupView> {
    return groupView(await this.organizations.rename(this.group(id), userId, name));
  }

  @Delete(':id')
  @HttpCode(200)
  async remove(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<{ message: string }> {
    await this.organizations.delete(this.group(id), userId);
    return { message: `${this.title} deleted successfully` };
  }

  @Get(':id/members')
  async members(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<MemberView[]> {
    return (await this.organizations.members(this.group(id), userId)).map(memberView);
  }

  /** All of them, as they are then. */
  @Post(':id/members')
  async addMember(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Body() body: AddGroupMemberBody,
  ): Promise<MemberView[]> {
    const group = this.group(id);
    const permit = async (): Promise<void> => void (await this.organizations.permit(group, userId, 'admin'));
    const member = { userId: await this.lookup.idOf(body, permit), role: body.role };
    return (await this.organizations.setMember(group, userId, member)).map(memberView);
  }

  @Patch(':id/members/:memberId')
  async changeMember(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Param('memberId') memberId: string,
    @Body() { role }: GroupRoleBody,
  ): Promise<MemberView[]> {
    return (await this.organizations.setMember(this.group(id), userId, { userId: memberId, role })).map(memberView);
  }

  @Delete(':id/members/:memberId')
  @HttpCode(200)
  async removeMember(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Param('memberId') memberId: string,
  ): Promise<{ message: string }> {
    await this.organizations.removeMember(this.group(id), userId, memberId);
    return { message: 'Member removed successfully' };
  }

  private group(id: string): GroupId {
    return { kind: this.kind, id };
  }
}
