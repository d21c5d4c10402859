import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { isUuid } from '../common/ids.js';
import type { Conversation } from './conversation.js';
import { ConversationStore, type HistoryQuery } from './conversation-store.port.js';
import type { Message } from './message.js';

/** Conversations as their owner sees them; to everybody else they do not exist. */
@Injectable()
export class ConversationService {
  constructor(private readonly store: ConversationStore) {}

  /** Throws CONVERSATION_NOT_FOUND. */
  async require(id: string, userId: string): Promise<Conversation> {
    const conversation = await this.find(id, userId);
    if (!conversation) throw new TalksyError('CONVERSATION_NOT_FOUND');
    return conversation;
  }

  async find(id: string, userId: string): Promise<Conversation | undefined> {
    const conversation = isUuid(id) ? await this.store.find(id) : undefined;
    return conversation?.userId === userId ? conversation : undefined;
  }

  /** The current branch, oldest first. Throws CONVERSATION_NOT_FOUND. */
  async history(id: string, userId: string, query: HistoryQuery): Promise<Message[]> {
    await this.require(id, userId);
    return this.store.history(id, query);
  }
}
