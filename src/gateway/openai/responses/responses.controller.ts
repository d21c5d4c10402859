import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../../auth/http-auth.guard.js';
import type { Principal } from '../../../auth/principal.js';
import { Raw } from '../../../common/raw.decorator.js';
import { HttpMessageLimits } from '../../http/http-message-limits.service.js';
import { listItems } from './input-item-list.js';
import { ResponseCalls } from './response-calls.service.js';
import { parseResponseRequest } from './response-request.js';

/** The Responses API. The last path is the one that family C's programs know. */
@Controller(['v1/responses', 'openai/v1/responses', 'api/llm/responses'])
@Raw()
@UseGuards(HttpAuthGuard)
export class ResponsesController {
  constructor(
    private readonly calls: ResponseCalls,
    private readonly limits: HttpMessageLimits,
  ) {}

  @Post()
  @HttpCode(200)
  async create(@Body() body: object, @CurrentPrincipal() who: Principal, @Res() response: Response): Promise<void> {
    const request = parseResponseRequest(body);
    this.calls.check(request);
    await this.limits.admit(who, response);
    await this.calls.answer(request, who.userId, response);
  }

  /** The response as it is now; with `stream=true` its events, those behind `starting_after` or `Last-Event-ID`. */
  @Get(':id')
  async retrieve(
    @Param('id') id: string,
    @Query('stream') stream: unknown,
    @Query('starting_after') startingAfter: unknown,
    @CurrentPrincipal() { userId }: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wantsEvents = stream === 'true' || request.headers.accept?.includes('text/event-stream');
    if (!wantsEvents) return void response.json(await this.calls.retrieve(id, userId));
    const last = startingAfter ?? request.headers['last-event-id'];
    await this.calls.resume(id, userId, last, response);
  }

  @Delete(':id')
  remove(@Param('id') id: string, @CurrentPrincipal() { userId }: Principal): Promise<object> {
    return this.calls.remove(id, userId);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string, @CurrentPrincipal() { userId }: Principal): Promise<object> {
    return this.calls.cancel(id, userId);
  }

  @Get(':id/input_items')
  async inputItems(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @CurrentPrincipal() { userId }: Principal,
  ): Promise<object> {
    return listItems(await this.calls.inputOf(id, userId), query);
  }
}
