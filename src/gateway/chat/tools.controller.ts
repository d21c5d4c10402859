import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Raw } from '../../common/raw.decorator.js';
import { DirectCalls, type DirectReturn } from '../../tools/direct-calls.service.js';
import type { ToolResult } from '../../tools/tool-result.js';
import { TOOL_CATEGORIES, type ToolDefinition } from '../../tools/tool.js';
import { ToolRegistry } from '../../tools/tool-registry.service.js';
import { CallToolBody } from './call-tool.dto.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** The result at the top, as who calls a function wants it, beside the names that the socket event has. */
export type ToolAnswer = ToolResult & DirectReturn;

/** Tools over REST. */
@Controller('api/tools')
@Raw()
@UseGuards(HttpAuthGuard)
export class ToolsController {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly calls: DirectCalls,
  ) {}

  @Get()
  list(
    @CurrentPrincipal() { role }: Principal,
    @Query('category') category?: string,
    @Query('includeDeprecated') includeDeprecated?: string,
  ): ToolDefinition[] {
    const known = TOOL_CATEGORIES.find((one) => one === category);
    if (category !== undefined && !known) {
      throw new TalksyError('VALIDATION_ERROR', `category must be one of ${TOOL_CATEGORIES.join(', ')}`);
    }
    const query = { includeDeprecated: includeDeprecated === 'true', ...(known && { category: known }) };
    return this.registry.definitions(role, query);
  }

  @Get(':name')
  info(@CurrentPrincipal() { role }: Principal, @Param('name') name: string): ToolDefinition {
    return this.registry.require(name, role).definition;
  }

  /** A tool that fails is an answer too: 200 with `success: false`. */
  @Post(':name/call')
  @HttpCode(200)
  async call(
    @CurrentPrincipal() caller: Principal,
    @Param('name') toolName: string,
    @Body() { parameters }: CallToolBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ToolAnswer> {
    const gone = goneSignal(response);
    const returned = await this.calls.call({ toolName, parameters }, caller, gone);
    return { ...returned.result, ...returned };
  }
}
