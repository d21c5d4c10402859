import { Body, Controller, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { APP_INFO } from '../../common/app-info.js';
import { Raw } from '../../common/raw.decorator.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { ChatAnswers } from './chat-answers.service.js';
import { ChatMessageDto } from './chat.dto.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** Family B over REST. */
@Controller('api')
@Raw()
export class ChatController {
  constructor(
    private readonly answers: ChatAnswers,
    private readonly limits: HttpMessageLimits,
  ) {}

  /** What these clients look at before they start. */
  @Get('health')
  health() {
    const { rss, heapUsed, heapTotal } = process.memoryUsage();
    const facts = { uptime: Math.floor(process.uptime()), memory: { rss, heapUsed, heapTotal } };
    return { status: 'OK', timestamp: new Date().toISOString(), version: APP_INFO.version, ...facts };
  }

  @Post('chat')
  @HttpCode(200)
  @UseGuards(HttpAuthGuard)
  async chat(
    @Body() message: ChatMessageDto,
    @CurrentPrincipal() who: Principal,
    @Res() response: Response,
  ): Promise<void> {
    await this.limits.admit(who, response);
    const { run } = await this.answers.start(who.userId, message);
    const gone = goneSignal(response);
    const answer = await this.answers.whole(who.userId, run.id, gone);
    if (answer) response.json(answer);
  }
}
