import { Body, Controller, Delete, Get, Header, Ip, Param, Post, UseGuards } from '@nestjs/common';
import { AuditLog } from '../../observability/audit-log.service.js';
import { SignInOnlyGuard } from '../account/sign-in-only.guard.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import { HttpAuthGuard } from '../http-auth.guard.js';
import type { Principal } from '../principal.js';
import { type ApiKeyView, apiKeyView } from './api-key-view.js';
import { ApiKeys } from './api-keys.service.js';
import { CreateApiKeyDto } from './create-api-key.dto.js';

/** One's own API keys over REST. A key makes no keys: who steals one could not be got rid of. */
@Controller('auth/api-keys')
@UseGuards(HttpAuthGuard, SignInOnlyGuard)
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly audit: AuditLog,
  ) {}

  @Get()
  async list(@CurrentPrincipal() { userId }: Principal): Promise<ApiKeyView[]> {
    return (await this.keys.list(userId)).map(apiKeyView);
  }

  /** The only answer that holds the key itself. */
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(
    @CurrentPrincipal() { userId }: Principal,
    @Body() { name = 'API key', expiresAt }: CreateApiKeyDto,
    @Ip() from: string,
  ): Promise<ApiKeyView & { key: string }> {
    return this.audit.witness({ what: 'api-key.create', from, who: userId }, async (event) => {
      const { key, stored } = await this.keys.create(userId, { name, ...(expiresAt && { expiresAt }) });
      event.about = stored.id;
      return { ...apiKeyView(stored), key };
    });
  }

  @Delete(':id')
  async revoke(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id') id: string,
    @Ip() from: string,
  ): Promise<Record<string, never>> {
    const event = { what: 'api-key.revoke', from, who: userId, about: id };
    await this.audit.witness(event, () => this.keys.revoke(userId, id));
    return {};
  }
}
