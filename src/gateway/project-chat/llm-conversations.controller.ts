import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import type { RunSource } from '../../run/run-source.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { EditorChatStreams } from './editor-chat-streams.service.js';
import { EditorChats } from './editor-chats.service.js';
import { LlmConversationDto, LlmMessageDto } from './llm-conversations.dto.js';
import { EditorChatCatalog } from './editor-chat-catalog.service.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** Conversations under the paths that family C's programs know. */
@Controller('api/llm/conversations')
@Raw()
@UseGuards(HttpAuthGuard)
export class LlmConversationsController {
  constructor(
    private readonly catalog: EditorChatCatalog,
    private readonly chats: EditorChats,
    private readonly streams: EditorChatStreams,
    private readonly limits: HttpMessageLimits,
  ) {}

  /** The new conversation; with a message also its answer, as `answer` and among the messages. */
  @Post()
  async create(
    @Body() { title, model, message }: LlmConversationDto,
    @CurrentPrincipal() who: Principal,
    @Res() response: Response,
  ): Promise<void> {
    if (message !== undefined) await this.limits.admit(who, response);
    const { userId } = who;
    const { id } = await this.catalog.create(userId, { ...(title && { title }), ...(model && { model }) });
    const source = message === undefined ? undefined : await this.firstRun(id, userId, message);
    const answer = source && (await this.wholeAnswer(source, response));
    const conversation = await this.catalog.get(userId, id);
    response.status(201).json({ ...conversation, ...(answer && { answer }) });
  }

  @Post(':id/messages')
  @HttpCode(200)
  async ask(
    @Param('id') id: string,
    @Body() { content, stream = false }: LlmMessageDto,
    @CurrentPrincipal() who: Principal,
    @Res() response: Response,
  ): Promise<void> {
    await this.limits.admit(who, response);
    const source = await this.chats.ask(id, who.userId, content);
    if (stream) return this.streams.follow(source, -1, response);
    const answer = await this.wholeAnswer(source, response);
    if (answer) response.json(answer);
  }

  /** A message that is refused leaves no empty conversation behind. */
  private async firstRun(id: string, userId: string, text: string): Promise<RunSource> {
    try {
      return await this.chats.ask(id, userId, text);
    } catch (error) {
      await this.catalog.delete(userId, id);
      throw error;
    }
  }

  /** Undefined where the client has left; the answer is written all the same. */
  private wholeAnswer(source: RunSource, response: Response): Promise<object | undefined> {
    const gone = goneSignal(response);
    return this.chats.wholeAnswer(source, gone);
  }
}
