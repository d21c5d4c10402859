import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { StreamAuthGuard } from '../../auth/stream-auth.guard.js';
import { Raw } from '../../common/raw.decorator.js';
import { dataFrame, EventStream } from '../delivery/event-stream.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { EditorChatStreams } from './editor-chat-streams.service.js';
import { EditorChats } from './editor-chats.service.js';
import { EditorMessageDto } from './editor-message.dto.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** Family C over server-sent events. The end of a connection ends no answer. */
@Controller('api/editorChat')
@Raw()
@UseGuards(StreamAuthGuard)
export class EditorChatController {
  constructor(
    private readonly chats: EditorChats,
    private readonly streams: EditorChatStreams,
    private readonly limits: HttpMessageLimits,
  ) {}

  /** Shows that events get through whatever stands between. */
  @Get('test-sse')
  test(@Res() response: Response): void {
    const stream = new EventStream(response);
    void stream.write(`:ok\n\n${dataFrame('{"type":"content","content":"It works."}')}${dataFrame('[DONE]')}`);
    stream.end();
  }

  @Post('stream/:chatId')
  @HttpCode(200)
  async ask(
    @Param('chatId') chatId: string,
    @Body() { content, attachments, enableStreaming = true }: EditorMessageDto,
    @CurrentPrincipal() who: Principal,
    @Res() response: Response,
  ): Promise<void> {
    await this.limits.admit(who, response);
    const source = await this.chats.ask(chatId, who.userId, content, attachments);
    if (enableStreaming) return this.streams.follow(source, -1, response);
    const gone = goneSignal(response);
    const answer = await this.chats.wholeAnswer(source, gone);
    if (answer) response.json(answer);
  }

  @Get('stream/:chatId')
  async resume(
    @Param('chatId') chatId: string,
    @CurrentPrincipal() { userId }: Principal,
    @Res() response: Response,
    @Headers('last-event-id') header?: string,
    @Query('lastEventId') query?: string,
  ): Promise<void> {
    const following = await this.chats.resume(chatId, userId, header ?? query);
    if (following) return this.streams.follow(following.source, following.afterSeq, response);
    response.status(204).end();
  }
}
