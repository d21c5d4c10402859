import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { type BudgetDay, UsageStore, type UsageTotals } from '../../run/usage-store.port.js';
import { Database } from '../database/database.js';

/** Usage in SQL: sums over ended runs, and the day's row that reservations lock. */
@Injectable()
export class PostgresUsageStore extends UsageStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async ofConversation(conversationId: string): Promise<UsageTotals> {
    return this.totals(sql`conversation_id = ${conversationId}`);
  }

  override async ofUser(userId: string, since: Date): Promise<UsageTotals> {
    return this.totals(sql`user_id = ${userId}::uuid and ended_at >= ${since}`);
  }

  override async today(userId: string): Promise<BudgetDay> {
    const { rows } = await this.database.run((db) =>
      sql<BudgetDay>`
        with today as (select (now() at time zone 'utc')::date as day)
        select coalesce((select used from token_days, today where user_id = ${userId}::uuid and token_days.day = today.day), 0)
                 ::float8 as "usedTokens",
               coalesce((select sum(tokens) from token_reservations held, today
                         where user_id = ${userId}::uuid and held.day = today.day), 0)::float8 as "reservedTokens"
      `.execute(db),
    );
    return rows[0]!;
  }

  /** float8 is exact far beyond any sum of tokens, and a number with both drivers; int8 is a string with one. */
  private async totals(whose: RawBuilder<unknown>): Promise<UsageTotals> {
    const { rows } = await this.database.run((db) =>
      sql<UsageTotals>`
        select count(*)::float8 as runs, coalesce(sum(prompt_tokens), 0)::float8 as "promptTokens",
               coalesce(sum(completion_tokens), 0)::float8 as "completionTokens",
               coalesce(sum(total_tokens), 0)::float8 as "totalTokens",
               coalesce(bool_or(usage_estimated), false) as estimated
        from runs where ended_at is not null and ${whose}
      `.execute(db),
    );
    return rows[0]!;
  }
}
