import { Injectable } from '@nestjs/common';
import { newRowId } from '../common/ids.js';
import type { Conversation } from '../conversation/conversation.js';
import { ConversationAccess } from '../conversation/conversation-access.service.js';
import { ConversationBranches, noSuchMessage } from '../conversation/conversation-branches.service.js';
import type { Message } from '../conversation/message.js';
import { MessageTree } from '../conversation/message-tree.port.js';
import { RunReader } from './run-reader.service.js';
import { textUpTo } from './run-source.js';

/** Where to fork. Of the three the most exact one counts: a run, a message, or the end of the current branch. */
export interface ForkWish {
  userId: string;
  conversationId?: string;
  messageId?: string;
  runId?: string;
  /** The answer is copied as far as this record of its run; without it as far as it is now. */
  seq?: number;
}

/** Makes new conversations that begin like others, also in the middle of an answer that is still being written. */
@Injectable()
export class ConversationForks {
  constructor(
    private readonly branches: ConversationBranches,
    private readonly access: ConversationAccess,
    private readonly tree: MessageTree,
    private readonly reader: RunReader,
  ) {}

  /**
   * The new conversation, which is the user's own. Throws CONVERSATION_NOT_FOUND, NOT_FOUND, RUN_NOT_FOUND, and
   * STORE_UNAVAILABLE where only another node can read the run now.
   */
  async fork(wish: ForkWish): Promise<Conversation> {
    const { userId, seq } = wish;
    const message = await this.lastMessage(wish);
    const { conversation } = await this.access.require(message.conversationId, userId);
    const content = message.status === 'streaming' || seq !== undefined ? await this.part(message, wish) : undefined;
    const id = newRowId();
    const title = conversation.title ?? '';
    const fork = { id, userId, title, messageId: message.id, ...(content !== undefined && { content }) };
    if (!(await this.tree.fork(fork))) throw noSuchMessage();
    return (await this.access.require(id, userId)).conversation;
  }

  private async lastMessage({ userId, conversationId, messageId, runId }: ForkWish): Promise<Message> {
    const at = runId === undefined ? messageId : (await this.reader.requireRun(runId, userId)).messageId;
    const where = conversationId === undefined ? {} : { conversationId };
    if (at !== undefined) return this.branches.requireMessage({ userId, messageId: at, ...where }, 'read');
    if (conversationId === undefined) throw noSuchMessage();
    const { activeLeafId } = (await this.access.require(conversationId, userId)).conversation;
    if (!activeLeafId) throw noSuchMessage();
    return this.branches.requireMessage({ userId, messageId: activeLeafId, conversationId }, 'read');
  }

  /** What its run had said by then; undefined where that is all of it, or where it was never written by a run. */
  private async part({ runId, role }: Message, { userId, seq }: ForkWish): Promise<string | undefined> {
    if (role === 'user' || !runId) return undefined;
    const { text, isWhole } = await textUpTo(await this.reader.open(runId, userId), seq);
    return isWhole ? undefined : text;
  }
}
