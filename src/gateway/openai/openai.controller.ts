import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import type { ModelCard } from '../../ai/model-table.js';
import { ModelRouter } from '../../ai/model-router.service.js';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { HttpMessageLimits } from '../http/http-message-limits.service.js';
import { parseChatCompletion } from './chat-completion-request.js';
import { ChatCompletions } from './chat-completions.service.js';

/** A model's time of birth is not known here; clients want a number. */
const CREATED = 1_700_000_000;

/** The OpenAI API, for every program that speaks it already. The second path is the one that Groq's SDK asks for. */
@Controller(['v1', 'openai/v1'])
@Raw()
@UseGuards(HttpAuthGuard)
export class OpenAiController {
  constructor(
    private readonly completions: ChatCompletions,
    private readonly limits: HttpMessageLimits,
    private readonly router: ModelRouter,
  ) {}

  @Post('chat/completions')
  @HttpCode(200)
  async complete(@Body() body: object, @CurrentPrincipal() who: Principal, @Res() response: Response): Promise<void> {
    const request = parseChatCompletion(body);
    this.router.resolve(request.model);
    await this.limits.admit(who, response);
    await this.completions.answer(request, who, response);
  }

  @Get('models')
  models(): object {
    return { object: 'list', data: this.router.list().map(toModel) };
  }

  @Get('models/:id')
  model(@Param('id') id: string): object {
    return toModel(this.router.resolve(id));
  }
}

const toModel = ({ id, provider }: ModelCard): object => ({
  id,
  object: 'model',
  created: CREATED,
  owned_by: provider,
});
