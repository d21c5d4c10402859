import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { ConversationBranches } from '../../conversation/conversation-branches.service.js';
import { ConversationExport } from '../../conversation/conversation-export.service.js';
import { ConversationForks } from '../../run/conversation-forks.service.js';
import { ConversationReading } from '../delivery/conversation-reading.service.js';
import type { ConversationDetails } from '../delivery/conversation-view.js';
import { ExportQuery, ForkBody, SwitchBranchBody } from './conversations.dto.js';

const NEWEST = { limit: 100 };

/** Copies and other branches of conversations, and conversations as documents. */
@Controller('api/conversations/:id')
@Raw()
@UseGuards(HttpAuthGuard)
export class ConversationBranchesController {
  constructor(
    private readonly branches: ConversationBranches,
    private readonly forks: ConversationForks,
    private readonly documents: ConversationExport,
    private readonly reading: ConversationReading,
  ) {}

  @Post('fork')
  async fork(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') conversationId: string,
    @Body() wish: ForkBody,
  ): Promise<ConversationDetails> {
    const { id } = await this.forks.fork({ ...wish, userId, conversationId });
    return this.reading.read(id, userId, NEWEST);
  }

  /** Makes the newest branch through a message the current one. */
  @Post('branch')
  @HttpCode(200)
  async switchTo(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') conversationId: string,
    @Body() { messageId }: SwitchBranchBody,
  ): Promise<ConversationDetails> {
    await this.branches.switchTo({ userId, conversationId, messageId });
    return this.reading.read(conversationId, userId, NEWEST);
  }

  /** Written while it is read: a long conversation is never in memory as a whole. */
  @Get('export')
  async export(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Query() { format }: ExportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const isJson = format === 'json';
    const pieces = isJson ? await this.documents.json(id, userId) : await this.documents.markdown(id, userId);
    response.type(isJson ? 'application/json' : 'text/markdown; charset=utf-8');
    response.setHeader('Content-Disposition', `attachment; filename="conversation-${id}.${isJson ? 'json' : 'md'}"`);
    // Headers are out by then: all that is left for a failure is to cut the connection, which says that it is not whole.
    await pipeline(pieces, response).catch(() => response.destroy());
  }
}
