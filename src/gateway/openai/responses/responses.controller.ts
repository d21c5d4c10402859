import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../../auth/http-auth.guard.js';
import type { Principal } from '../../../auth/principal.js';
import { Raw } from '../../../common/raw.decorator.js';
import { HttpMessageLimits } from '../../http/http-message-limits.service.js';
import { listItems } from './input-item-list.js';
import { goneSignal } from '../../delivery/gone-signal.js';
import { ResponseCompaction } from './response-compaction.service.js';
import { ResponseCalls } from './response-calls.service.js';
import { parseResponseRequest } from './response-request.js';

/** The Responses API. The last path is the one that family C's programs know. */
@Controller(['v1/responses', 'openai/v1/responses', 'api/llm/responses'])
@Raw()
@UseGuards(HttpAuthGuard)
export class ResponsesController {
  constructor(
    private readonly calls: ResponseCalls,
    private readonly compaction: ResponseCompaction,
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
    @CurrentPrincipal() { userId }: Principal,
    @Req() { query, headers }: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wantsEvents = query.stream === 'true' || headers.accept?.includes('text/event-stream');
    if (!wantsEvents) return void response.json(await this.calls.retrieve(id, userId));
    await this.calls.resume(id, userId, query.starting_after ?? headers['last-event-id'], response);
  }

  @Post('compact')
  @HttpCode(200)
  async compact(@Body() body: object, @CurrentPrincipal() who: Principal, @Res() response: Response): Promise<void> {
    const request = parseResponseRequest(body, { mayBeEmpty: true });
    this.calls.check(request);
    await this.limits.admit(who, response);
    const compacted = await this.compaction.compact(request, who.userId, goneSignal(response));
    if (compacted) response.json(compacted);
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
