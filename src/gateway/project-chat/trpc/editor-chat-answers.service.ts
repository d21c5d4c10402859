import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import type { Principal } from '../../../auth/principal.js';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import { RegeneratedAnswers } from '../../delivery/regenerated-answers.service.js';
import type { WireMessage } from '../../delivery/wire-message.js';
import { HttpMessageLimits } from '../../http/http-message-limits.service.js';
import { EditorChats } from '../editor-chats.service.js';
import type { AT_MESSAGE, SEND } from './editor-chat-inputs.js';

interface Caller {
  who: Principal;
  response: Response;
}

/** An answer that is being written, and where to read it. */
export interface BegunAnswer {
  runId: string;
  messageId: string | undefined;
  userMessageId: string | undefined;
  stream: string;
}

/** Family C's questions that come by procedure call. A caller that leaves ends no answer. */
@Injectable()
export class EditorChatAnswers {
  constructor(
    private readonly chats: EditorChats,
    private readonly regenerated: RegeneratedAnswers,
    private readonly limits: HttpMessageLimits,
  ) {}

  /** The whole answer as a message, or with `stream` only its beginning. */
  async send(
    { who, response }: Caller,
    { chatId, content, attachments, stream }: z.output<typeof SEND>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<object | BegunAnswer> {
    await this.limits.admit(who, response);
    const source = await this.chats.ask(chatId, who.userId, content, attachments ?? []);
    if (stream) {
      const { messageId, userMessageId } = source.started.data;
      const path = `/api/editorChat/stream/${encodeURIComponent(chatId)}`;
      return { runId: source.runId, messageId, userMessageId, stream: path };
    }
    const answer = await this.chats.wholeAnswer(source, signal);
    if (!answer)
      throw new TalksyError('STORE_UNAVAILABLE', 'The caller left; ask for the chat.', { retryAfterMs: 500 });
    return answer;
  }

  async regenerate(
    { who, response }: Caller,
    { chatId: conversationId, messageId }: z.output<typeof AT_MESSAGE>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<WireMessage> {
    await this.limits.admit(who, response);
    const wish = { userId: who.userId, conversationId, messageId };
    return (await this.regenerated.regenerate(wish, signal)).message;
  }
}
