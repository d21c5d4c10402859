import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { ConversationRole } from './conversation.js';
import { ConversationAccess } from './conversation-access.service.js';
import { ConversationDirectory, type ConversationMember } from './conversation-directory.port.js';

/** Who takes part in a conversation, beside the members of its organization and project. */
@Injectable()
export class ConversationMembers {
  constructor(
    private readonly directory: ConversationDirectory,
    private readonly access: ConversationAccess,
  ) {}

  /** The owner first. Throws CONVERSATION_NOT_FOUND. */
  async list(id: string, userId: string): Promise<ConversationMember[]> {
    await this.access.require(id, userId);
    return this.directory.members(id);
  }

  /** Throws CONVERSATION_NOT_FOUND, FORBIDDEN: what comes before looking for somebody to add. */
  async requireAdmin(id: string, userId: string): Promise<void> {
    await this.access.require(id, userId, 'admin');
  }

  /** Adds somebody, or gives them another role. Throws FORBIDDEN; NOT_FOUND for an unknown user; CONFLICT for the owner. */
  async set(id: string, userId: string, member: { userId: string; role: ConversationRole }): Promise<void> {
    const { conversation } = await this.access.require(id, userId, 'admin');
    if (member.userId === conversation.userId) throw new TalksyError('CONFLICT', 'The owner stays the owner.');
    if (await this.directory.setMember(id, member.userId, member.role)) return;
    throw new TalksyError('NOT_FOUND', 'There is no such user.');
  }

  /** Takes somebody out, also oneself. Throws FORBIDDEN; NOT_FOUND for who is no member. */
  async remove(id: string, userId: string, memberId: string): Promise<void> {
    await this.access.require(id, userId, userId === memberId ? 'read' : 'admin');
    if (!(await this.directory.removeMember(id, memberId)))
      throw new TalksyError('NOT_FOUND', 'There is no such member.');
  }
}
