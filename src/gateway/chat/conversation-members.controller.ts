import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import type { ConversationMember } from '../../conversation/conversation-directory.port.js';
import { ConversationMembers } from '../../conversation/conversation-members.service.js';
import { AddMemberBody, MemberRoleBody } from './conversations.dto.js';
import { MemberLookup } from './member-lookup.service.js';

/** Who takes part in a conversation. */
@Controller('api/conversations/:id/members')
@Raw()
@UseGuards(HttpAuthGuard)
export class ConversationMembersController {
  constructor(
    private readonly members: ConversationMembers,
    private readonly lookup: MemberLookup,
  ) {}

  @Get()
  async list(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<ConversationMember[]> {
    return this.members.list(id, userId);
  }

  /** All of them, as they are then. */
  @Post()
  async add(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Body() body: AddMemberBody,
  ): Promise<ConversationMember[]> {
    const member = await this.lookup.idOf(body, () => this.members.requireAdmin(id, userId));
    await this.members.set(id, userId, { userId: member, role: body.role });
    return this.members.list(id, userId);
  }

  @Patch(':memberId')
  async change(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Param('memberId') memberId: string,
    @Body() { role }: MemberRoleBody,
  ): Promise<ConversationMember[]> {
    await this.members.set(id, userId, { userId: memberId, role });
    return this.members.list(id, userId);
  }

  @Delete(':memberId')
  @HttpCode(200)
  async remove(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Param('memberId') memberId: string,
  ): Promise<{ message: string }> {
    await this.members.remove(id, userId, memberId);
    return { message: 'Member removed successfully' };
  }
}
