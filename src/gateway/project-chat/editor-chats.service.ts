import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { ConversationAccess } from '../../conversation/conversation-access.service.js';
import type { Attachment } from '../../run/attachments.js';
import { wholeAnswer } from '../../run/run-answer.js';
import { isEnded } from '../../run/run.js';
import { RunReader } from '../../run/run-reader.service.js';
import type { RunSource } from '../../run/run-source.js';
import { RunStarter } from '../../run/run-starter.service.js';
import { parseEventId } from './editor-chat.projection.js';

/** A run to follow, and from where. */
export interface Following {
  source: RunSource;
  afterSeq: number;
}

/** Family C: answers of a chat, which is a conversation. */
@Injectable()
export class EditorChats {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly access: ConversationAccess,
  ) {}

  /** The run that answers this message. Throws CONVERSATION_NOT_FOUND and whatever else RunStarter does. */
  async ask(chatId: string, userId: string, text: string, attachments: readonly Attachment[] = []): Promise<RunSource> {
    const conversation = { id: chatId, createIfMissing: false };
    const { run } = await this.starter.start({ userId, text, attachments, conversation });
    return this.reader.open(run.id, userId);
  }

  /** The whole answer as one message; undefined where `signal` aborts first. Throws the run's own error. */
  async wholeAnswer(source: RunSource, signal: AbortSignal): Promise<object | undefined> {
    const answer = await wholeAnswer(source, signal);
    if (!answer) return undefined;
    const { usage, provider, model, finishReason } = answer.end.data;
    const { messageId: id, conversationId } = source.started.data;
    const facts = { usage, provider, model, finishReason, runId: source.runId, conversationId };
    return { id, role: 'assistant', content: answer.text, timestamp: new Date().toISOString(), ...facts };
  }

  /**
   * Where a client goes on: behind the event that it names, else with what is being written now. Undefined where it has
   * everything. Throws CONVERSATION_NOT_FOUND, VALIDATION_ERROR.
   */
  async resume(chatId: string, userId: string, lastEventId: string | undefined): Promise<Following | undefined> {
    await this.access.require(chatId, userId);
    if (!lastEventId) {
      const running = await this.reader.findRunning(chatId);
      return running && { source: await this.reader.open(running.id, userId), afterSeq: -1 };
    }
    const at = parseEventId(lastEventId);
    if (!at) throw new TalksyError('VALIDATION_ERROR', 'Last-Event-ID must be an id that came with an event');
    const run = await this.reader.requireRun(at.runId, userId);
    if (run.conversationId !== chatId) throw new TalksyError('RUN_NOT_FOUND');
    if (isEnded(run) && run.end !== undefined && at.seq >= run.end.finalSeq) return undefined;
    return { source: await this.reader.open(run.id, userId), afterSeq: at.seq };
  }
}
