import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { ModelRouter } from '../../ai/model-router.service.js';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { ConversationCatalog } from '../../conversation/conversation-catalog.service.js';
import { ConversationRemoval } from '../../run/conversation-removal.service.js';
import { placeOf, settingsOf } from './conversation-changes.js';
import { ConversationReading } from '../delivery/conversation-reading.service.js';
import { type ConversationDetails, type ConversationView, conversationView } from '../delivery/conversation-view.js';
import {
  ChangeConversationBody,
  ConversationsQuery,
  CreateConversationBody,
  MessagesQuery,
} from './conversations.dto.js';

const DELETED = { message: 'Conversation deleted successfully' };

/** Family B's conversations over REST. */
@Controller('api/conversations')
@Raw()
@UseGuards(HttpAuthGuard)
export class ConversationsController {
  constructor(
    private readonly catalog: ConversationCatalog,
    private readonly reading: ConversationReading,
    private readonly removal: ConversationRemoval,
    private readonly models: ModelRouter,
  ) {}

  /** Changed last first. The next page, if there is one, is in the `Link` header. */
  @Get()
  async list(
    @CurrentPrincipal() { userId }: Principal,
    @Query() { limit, cursor, q, archived = 'false', orgId, projectId }: ConversationsQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConversationView[]> {
    const text = q?.trim();
    const { conversations, next } = await this.catalog.list({
      userId,
      limit,
      ...(archived !== 'all' && { archived: archived === 'true' }),
      ...(text && { text }),
      ...(cursor && { after: cursor }),
      ...(orgId && { organizationId: orgId }),
      ...(projectId && { projectId }),
    });
    if (next !== undefined) {
      const query = { limit: String(limit), archived, ...(text && { q: text }), ...(orgId && { orgId }) };
      const search = new URLSearchParams({ ...query, ...(projectId && { projectId }), cursor: next });
      response.setHeader('Link', `</api/conversations?${search}>; rel="next"`);
    }
    return conversations.map(conversationView);
  }

  @Post()
  async create(
    @CurrentPrincipal() { userId }: Principal,
    @Body() body: CreateConversationBody,
  ): Promise<ConversationView> {
    this.checkModel(body);
    const { id, title, model, temperature, systemPrompt } = body;
    const settings = {
      ...(title && { title }),
      ...(model && { model }),
      ...(typeof temperature === 'number' && { temperature }),
      ...(systemPrompt && { systemPrompt }),
    };
    return conversationView(await this.catalog.create({ userId, ...(id && { id }), ...settings, ...placeOf(body) }));
  }

  /** With the newest messages of its current branch; the page before them, if there is one, is in the `Link` header. */
  @Get(':id')
  async read(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Query() { limit, before }: MessagesQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConversationDetails> {
    const details = await this.reading.read(id, userId, { limit, ...(before && { before }) });
    const first = details.messages[0];
    if (first?.parentId) {
      response.setHeader('Link', `</api/conversations/${id}?limit=${limit}&before=${first.id}>; rel="next"`);
    }
    return details;
  }

  @Patch(':id')
  async change(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Body() body: ChangeConversationBody,
  ): Promise<ConversationView> {
    this.checkModel(body);
    return conversationView(await this.catalog.change(id, userId, settingsOf(body)));
  }

  @Delete(':id')
  @HttpCode(200)
  async remove(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<typeof DELETED> {
    await this.removal.remove(id, userId);
    return DELETED;
  }

  /** Throws VALIDATION_ERROR for a model that is unknown. */
  private checkModel({ model }: ChangeConversationBody): void {
    if (model) this.models.resolve(model);
  }
}
