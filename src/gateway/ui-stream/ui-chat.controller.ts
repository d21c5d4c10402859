import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import type { RunSource } from '../../run/run-source.js';
import type { StopResult } from '../../run/run-stopper.service.js';
import { EventDelivery } from '../delivery/event-delivery.service.js';
import { EventStream } from '../delivery/event-stream.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { parseUiChat } from './ui-chat-request.js';
import { UiMessageChunks } from './ui-stream.projection.js';
import { UiChats } from './ui-chats.service.js';

/** What an unmodified `useChat` of the AI SDK calls. A page that goes away stops nothing: stopping is a call of its own. */
@Controller('api/ui/chat')
@Raw()
@UseGuards(HttpAuthGuard)
export class UiChatController {
  constructor(
    private readonly chats: UiChats,
    private readonly delivery: EventDelivery,
    private readonly limits: HttpMessageLimits,
  ) {}

  @Post()
  @HttpCode(200)
  async answer(@Body() body: object, @CurrentPrincipal() who: Principal, @Res() response: Response): Promise<void> {
    const request = parseUiChat(body);
    await this.limits.admit(who, response);
    return this.follow(await this.chats.answer(request, who.userId), response);
  }

  /** From the first chunk, so that the page builds the same message again. */
  @Get(':id/stream')
  async resume(
    @Param('id') id: string,
    @CurrentPrincipal() { userId }: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const source = await this.chats.running(id, userId);
    if (source) return this.follow(source, response);
    response.status(204).end();
  }

  @Get(':id/messages')
  messages(@Param('id') id: string, @CurrentPrincipal() { userId }: Principal): Promise<object[]> {
    return this.chats.messages(id, userId);
  }

  @Post(':id/stop')
  @HttpCode(200)
  stop(@Param('id') id: string, @CurrentPrincipal() { userId }: Principal): Promise<StopResult> {
    return this.chats.stop(id, userId);
  }

  private async follow(source: RunSource, response: Response): Promise<void> {
    response.setHeader('x-vercel-ai-ui-message-stream', 'v1');
    await this.delivery.deliver(new EventStream(response), source, -1, new UiMessageChunks());
  }
}
