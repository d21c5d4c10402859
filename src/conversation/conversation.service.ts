import { Injectable } from '@nestjs/common';
import type { Conversation } from './conversation.js';
import { ConversationAccess, type ConversationPermission } from './conversation-access.service.js';
import { ConversationStore, type HistoryQuery } from './conversation-store.port.js';
import type { Message } from './message.js';

/** Conversations as those see them who may; to everybody else they do not exist. */
@Injectable()
export class ConversationService {
  constructor(
    private readonly store: ConversationStore,
    private readonly access: ConversationAccess,
  ) {}

  /** Throws CONVERSATION_NOT_FOUND, FORBIDDEN. */
  async require(id: string, userId: string, permission?: ConversationPermission): Promise<Conversation> {
    return (await this.access.require(id, userId, permission)).conversation;
  }

  async find(id: string, userId: string): Promise<Conversation | undefined> {
    return (await this.access.find(id, userId))?.conversation;
  }

  /** The current branch, oldest first. Throws CONVERSATION_NOT_FOUND. */
  async history(id: string, userId: string, query: HistoryQuery): Promise<Message[]> {
    await this.access.require(id, userId);
    return this.store.history(id, query);
  }
}
