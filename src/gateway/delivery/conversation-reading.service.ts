import { Injectable } from '@nestjs/common';
import { ConversationAccess } from '../../conversation/conversation-access.service.js';
import { ConversationStore, type HistoryQuery } from '../../conversation/conversation-store.port.js';
import { UsageStore } from '../../run/usage-store.port.js';
import { conversationDetails, type ConversationDetails } from './conversation-view.js';

/** Conversations with the newest of their messages. */
@Injectable()
export class ConversationReading {
  constructor(
    private readonly access: ConversationAccess,
    private readonly store: ConversationStore,
    private readonly usage: UsageStore,
  ) {}

  /** Throws CONVERSATION_NOT_FOUND. */
  async read(id: string, userId: string, query: HistoryQuery): Promise<ConversationDetails> {
    const seen = await this.access.require(id, userId);
    const [messages, usage] = await Promise.all([this.store.history(id, query), this.usage.ofConversation(id)]);
    return conversationDetails(seen, messages, usage);
  }
}
