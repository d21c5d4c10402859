import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newRowId } from '../../common/ids.js';
import { ConversationAccess } from '../../conversation/conversation-access.service.js';
import { wholeAnswer } from '../../run/run-answer.js';
import { RunReader } from '../../run/run-reader.service.js';
import { RunStarter, type StartedRun } from '../../run/run-starter.service.js';
import type { ChatMessageDto } from './chat.dto.js';

/** Family B: a message to a conversation that the client may have made up. */
@Injectable()
export class ChatAnswers {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly access: ConversationAccess,
  ) {}

  /** The run that answers; a conversation whose id is new is created. Throws INVALID_REQUEST for an empty message. */
  async start(userId: string, { message, conversationId }: ChatMessageDto): Promise<StartedRun> {
    if (message.trim() === '') throw new TalksyError('INVALID_REQUEST');
    const conversation = { id: conversationId ?? newRowId(), createIfMissing: true };
    return this.starter.start({ userId, text: message, conversation });
  }

  /** The whole answer with its conversation; undefined where `signal` aborts first. Throws the run's own error. */
  async whole(userId: string, runId: string, signal: AbortSignal): Promise<object | undefined> {
    const source = await this.reader.open(runId, userId);
    const answer = await wholeAnswer(source, signal);
    if (!answer) return undefined;
    const { messageId: id, conversationId = '' } = source.started.data;
    const { conversation } = await this.access.require(conversationId, userId);
    const { title, createdAt, updatedAt } = conversation;
    const message = {
      id,
      role: 'assistant',
      content: answer.text,
      timestamp: new Date().toISOString(),
      conversationId,
    };
    return { message, conversation: { id: conversationId, title, createdAt, updatedAt } };
  }
}
