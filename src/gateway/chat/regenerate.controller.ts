import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { RegenerateBody } from './conversations.dto.js';
import { RegeneratedAnswers, type AnsweredView } from '../delivery/regenerated-answers.service.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** Another answer to a question of a conversation, as a whole. */
@Controller('api/conversations/:id/messages/:messageId/regenerate')
@Raw()
@UseGuards(HttpAuthGuard)
export class RegenerateController {
  constructor(
    private readonly answers: RegeneratedAnswers,
    private readonly limits: HttpMessageLimits,
  ) {}

  /** The answer is written on where the client leaves. */
  @Post()
  @HttpCode(200)
  async regenerate(
    @CurrentPrincipal() who: Principal,
    @Param('id') conversationId: string,
    @Param('messageId') messageId: string,
    @Body() { model, onBusy }: RegenerateBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AnsweredView> {
    await this.limits.admit(who, response);
    const gone = goneSignal(response);
    const wishes = { ...(model && { model }), ...(onBusy && { onBusy }) };
    return this.answers.regenerate({ userId: who.userId, conversationId, messageId, ...wishes }, gone);
  }
}
