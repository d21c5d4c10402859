import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { type ConversationRole, isConversationId } from './conversation.js';
import { ConversationStore, type SeenConversation } from './conversation-store.port.js';

/** `admin` is deleting it, and deciding who may do what. */
export type ConversationPermission = 'read' | 'write' | 'admin';

const NEEDED: Record<ConversationPermission, readonly ConversationRole[]> = {
  read: ['viewer', 'editor', 'owner'],
  write: ['editor', 'owner'],
  admin: ['owner'],
};

/** The one place that decides who may do what with a conversation. One that you may not see does not exist. */
@Injectable()
export class ConversationAccess {
  constructor(private readonly store: ConversationStore) {}

  /** Throws CONVERSATION_NOT_FOUND where the user may not even read it, FORBIDDEN where that is not enough. */
  async require(id: string, userId: string, permission: ConversationPermission = 'read'): Promise<SeenConversation> {
    const seen = await this.find(id, userId);
    if (!seen) throw new TalksyError('CONVERSATION_NOT_FOUND');
    if (!NEEDED[permission].includes(seen.role)) throw new TalksyError('FORBIDDEN', DENIED[permission]);
    return seen;
  }

  /** The conversation, where the user may read it. */
  async find(id: string, userId: string): Promise<SeenConversation | undefined> {
    return isConversationId(id) ? this.store.findFor(id, userId) : undefined;
  }
}

const DENIED: Record<ConversationPermission, string> = {
  read: 'You may not read this conversation.',
  write: 'You may read this conversation, but not write to it.',
  admin: 'Only an owner of this conversation may do this.',
};
