import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ModelRouter } from '../../ai/model-router.service.js';
import { ConversationCatalog } from '../../conversation/conversation-catalog.service.js';
import { ConversationForks } from '../../run/conversation-forks.service.js';
import { ConversationRemoval } from '../../run/conversation-removal.service.js';
import { ConversationReading } from '../delivery/conversation-reading.service.js';
import { type ConversationDetails, type ConversationView, conversationView } from '../delivery/conversation-view.js';
import type { CREATE, LIST } from './trpc/editor-chat-inputs.js';

const NEWEST = { limit: 100 };
const PAGE = 100;

type NewChat = Partial<z.output<typeof CREATE>>;

export interface EditorChatList {
  chats: ConversationView[];
  /** Where the next page begins, if there is one. */
  nextCursor?: string;
}

/** Family C's chats, which are conversations, as things to find, make and change. */
@Injectable()
export class EditorChatCatalog {
  constructor(
    private readonly catalog: ConversationCatalog,
    private readonly reading: ConversationReading,
    private readonly removal: ConversationRemoval,
    private readonly forks: ConversationForks,
    private readonly models: ModelRouter,
  ) {}

  /** In the personal organization of the user where none is named. */
  async create(userId: string, wish: NewChat): Promise<ConversationView> {
    const { orgId: organizationId, projectId, title, model, temperature } = wish;
    if (model) this.models.resolve(model);
    const settings = {
      ...(title && { title }),
      ...(model && { model }),
      ...(typeof temperature === 'number' && { temperature }),
    };
    return conversationView(
      await this.catalog.create({
        userId,
        ...(organizationId && { organizationId }),
        ...(projectId && { projectId }),
        ...settings,
      }),
    );
  }

  async list(userId: string, wish: z.output<typeof LIST>): Promise<EditorChatList> {
    const { orgId: organizationId, projectId, status, limit, skip, cursor } = wish;
    const query = {
      userId,
      organizationId,
      ...(projectId && { projectId }),
      ...(status !== 'all' && { archived: status === 'archived' }),
    };
    let after = cursor ?? undefined;
    for (let left = skip; left > 0; left -= PAGE) {
      const skipped = await this.catalog.list({ ...query, ...(after && { after }), limit: Math.min(left, PAGE) });
      if (!skipped.next) return { chats: [] };
      after = skipped.next;
    }
    const { conversations, next } = await this.catalog.list({ ...query, ...(after && { after }), limit });
    return { chats: conversations.map(conversationView), ...(next && { nextCursor: next }) };
  }

  get(userId: string, chatId: string): Promise<ConversationDetails> {
    return this.reading.read(chatId, userId, NEWEST);
  }

  async updateTitle(userId: string, chatId: string, title: string): Promise<ConversationView> {
    return conversationView(await this.catalog.change(chatId, userId, { title }));
  }

  async delete(userId: string, chatId: string): Promise<{ deleted: true }> {
    await this.removal.remove(chatId, userId);
    return { deleted: true };
  }

  async fork(userId: string, chatId: string, messageId: string): Promise<ConversationDetails> {
    const { id } = await this.forks.fork({ userId, conversationId: chatId, messageId });
    return this.reading.read(id, userId, NEWEST);
  }
}
