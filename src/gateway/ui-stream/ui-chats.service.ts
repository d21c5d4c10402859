import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { ConversationBranches } from '../../conversation/conversation-branches.service.js';
import { ConversationService } from '../../conversation/conversation.service.js';
import type { Message } from '../../conversation/message.js';
import { RunReader } from '../../run/run-reader.service.js';
import type { RunSource } from '../../run/run-source.js';
import { RunStarter } from '../../run/run-starter.service.js';
import { RunStopper, type StopResult } from '../../run/run-stopper.service.js';
import type { UiChatRequest } from './ui-chat-request.js';

const MESSAGES = 1000;

/** Chats of the AI SDK's UI: each is a conversation, under the id that the page has made up for it. */
@Injectable()
export class UiChats {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly stopper: RunStopper,
    private readonly conversations: ConversationService,
    private readonly branches: ConversationBranches,
  ) {}

  /** The run that answers. Throws what RunStarter throws. */
  async answer(request: UiChatRequest, userId: string): Promise<RunSource> {
    const { chatId } = request;
    const { run } =
      request.kind === 'message'
        ? await this.starter.start({
            userId,
            text: request.text,
            attachments: request.attachments,
            conversation: { id: chatId, createIfMissing: true },
            clientMessageId: `${chatId}/${request.messageId}`.slice(-128),
          })
        : await this.again(chatId, userId, request.answerId);
    return this.reader.open(run.id, userId);
  }

  /** What is being written in this chat now; nothing in a chat that nobody knows yet. */
  async running(chatId: string, userId: string): Promise<RunSource | undefined> {
    if (!(await this.conversations.find(chatId, userId))) return undefined;
    const run = await this.reader.findRunning(chatId);
    return run && this.reader.open(run.id, userId);
  }

  /** The chat as its page shows it. Throws CONVERSATION_NOT_FOUND. */
  async messages(chatId: string, userId: string): Promise<object[]> {
    const history = await this.conversations.history(chatId, userId, { limit: MESSAGES });
    return history.map((message) => toUiMessage(message, chatId));
  }

  /** Stops what is being written. Throws CONVERSATION_NOT_FOUND, RUN_NOT_FOUND where that is nothing. */
  async stop(chatId: string, userId: string): Promise<StopResult> {
    await this.conversations.require(chatId, userId, 'write');
    const run = await this.reader.findStoppable(chatId);
    if (!run) throw new TalksyError('RUN_NOT_FOUND', 'Nothing is being written in this chat.');
    return this.stopper.stop(run.id, userId);
  }

  private async again(chatId: string, userId: string, answerId: string | undefined) {
    const history = answerId ? [] : await this.conversations.history(chatId, userId, { limit: 2 });
    const messageId = answerId ?? history.at(-1)?.id ?? '';
    const wish = { userId, messageId, conversationId: chatId };
    const { role, id, parentId } = await this.branches.requireMessage(wish, 'write');
    const questionId = role === 'user' ? id : parentId!;
    return this.starter.answerAgain({ userId, conversationId: chatId, questionId });
  }
}

/** A page knows its own messages by the ids that it gave them. */
function toUiMessage({ id, role, content, clientMessageId, status }: Message, chatId: string): object {
  const known = clientMessageId?.startsWith(`${chatId}/`) ? clientMessageId.slice(chatId.length + 1) : clientMessageId;
  const state = status === 'streaming' ? 'streaming' : 'done';
  return { id: known ?? id, role, parts: content === '' ? [] : [{ type: 'text', text: content, state }] };
}
