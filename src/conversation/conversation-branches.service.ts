import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { Conversation } from './conversation.js';
import { ConversationAccess, type ConversationPermission } from './conversation-access.service.js';
import { ConversationStore } from './conversation-store.port.js';
import type { Message } from './message.js';
import { MessageTree } from './message-tree.port.js';

/** A message of the tree that somebody wants to do something with. */
export interface MessageWish {
  userId: string;
  messageId: string;
  /** Where the message must be; without it wherever it is. */
  conversationId?: string;
}

/** The branches of conversations: which messages there are to go back to, and which branch is the current one. */
@Injectable()
export class ConversationBranches {
  constructor(
    private readonly store: ConversationStore,
    private readonly tree: MessageTree,
    private readonly access: ConversationAccess,
  ) {}

  /**
   * Throws CONVERSATION_NOT_FOUND for a conversation that is named and cannot be seen, NOT_FOUND for a message that is
   * unknown, elsewhere or somebody else's, FORBIDDEN where the permission is missing.
   */
  async requireMessage(wish: MessageWish, permission: ConversationPermission): Promise<Message> {
    const { userId, messageId, conversationId } = wish;
    if (conversationId !== undefined) await this.access.require(conversationId, userId, permission);
    const message = await this.store.findMessage(messageId);
    const isHere = message && (conversationId ?? message.conversationId) === message.conversationId;
    if (!isHere || !(await this.access.find(message.conversationId, userId))) throw noSuchMessage();
    if (conversationId === undefined) await this.access.require(message.conversationId, userId, permission);
    return message;
  }

  /**
   * Makes the newest branch through this message the current one, also while an answer is being written elsewhere in the
   * tree. Throws as `requireMessage` does; needs the permission to write.
   */
  async switchTo(wish: MessageWish): Promise<Conversation> {
    const { id, conversationId } = await this.requireMessage(wish, 'write');
    if (!(await this.tree.switchTo(conversationId, id))) throw noSuchMessage();
    return (await this.access.require(conversationId, wish.userId)).conversation;
  }
}

/** One message for all of them, wherever it is found out. */
export const noSuchMessage = (): TalksyError =>
  new TalksyError('NOT_FOUND', 'There is no such message in this conversation.');
