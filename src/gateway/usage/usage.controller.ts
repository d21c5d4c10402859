import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { AiConfig } from '../../config/config.js';
import { ConversationService } from '../../conversation/conversation.service.js';
import { type BudgetDay, UsageStore, type UsageTotals } from '../../run/usage-store.port.js';

/** What a user's answers cost; a budget only where there is one. */
interface UsageView {
  today: UsageTotals;
  total: UsageTotals;
  budget?: BudgetDay & { dailyTokens: number };
}

const DAY_MS = 86_400_000;

/** Tokens, over REST: the caller's own, and those of their conversations. */
@Controller('usage')
@UseGuards(HttpAuthGuard)
export class UsageController {
  constructor(
    private readonly usage: UsageStore,
    private readonly conversations: ConversationService,
    private readonly config: AiConfig,
    private readonly clock: Clock,
  ) {}

  @Get()
  async ofCaller(@CurrentPrincipal() { userId }: Principal): Promise<UsageView> {
    const now = this.clock.now();
    const dailyTokens = this.config.dailyTokenBudget;
    const [today, total, budget] = await Promise.all([
      this.usage.ofUser(userId, new Date(now - (now % DAY_MS))),
      this.usage.ofUser(userId, new Date(0)),
      dailyTokens === undefined ? undefined : this.usage.today(userId),
    ]);
    return { today, total, ...(budget && dailyTokens !== undefined && { budget: { dailyTokens, ...budget } }) };
  }

  @Get('conversations/:id')
  async ofConversation(@CurrentPrincipal() { userId }: Principal, @Param('id') id: string): Promise<UsageTotals> {
    await this.conversations.require(id, userId);
    return this.usage.ofConversation(id);
  }
}
