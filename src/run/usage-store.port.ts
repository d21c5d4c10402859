/** Tokens of several runs together. */
export interface UsageTotals {
  runs: number;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** Whether some of it is our count and not the vendor's. */
  estimated: boolean;
}

/** How much of a day's budget is gone; all zero for a user who never had one. */
export interface BudgetDay {
  usedTokens: number;
  /** What running answers may still use. */
  reservedTokens: number;
}

/**
 * What answers cost, summed: whatever way they ended. Guarantees (usage-store.contract.ts, on PGlite and PostgreSQL):
 *  1. A run counts once it has ended, with the usage of its end; each attempt and step of it is in there.
 *  2. Claims at once never reserve more than the budget; what a run did not use is free again when it ends.
 *  3. What was used of a day stays used, though the conversation be deleted.
 */
export abstract class UsageStore {
  abstract ofConversation(conversationId: string): Promise<UsageTotals>;
  /** Runs that ended since then. */
  abstract ofUser(userId: string, since: Date): Promise<UsageTotals>;
  /** The present day in UTC. */
  abstract today(userId: string): Promise<BudgetDay>;
}
