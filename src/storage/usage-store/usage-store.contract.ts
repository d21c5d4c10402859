import type { ContractCase } from '../../../test/support/contract.js';
import type { Run } from '../../run/run.js';
import type { TokenBudget } from '../../run/run-store.port.js';
import type { UsageStore } from '../../run/usage-store.port.js';
import { claimOf, codeOf, END, outcomeOf, playTurn, type RunBench } from '../run-store/run-bench.contract.js';

/** The stores that runs and their usage share. */
export interface UsageBench extends RunBench {
  usage: UsageStore;
  deleteConversation(id: string): Promise<void>;
}

const budget = (limitTokens: number, wishes: Partial<TokenBudget> = {}): TokenBudget => ({
  limitTokens,
  promptTokens: 10,
  contextTokens: 1000,
  answerTokens: 40,
  ...wishes,
});

const claimWithin = (bench: RunBench, userId: string, limits: TokenBudget, clientMessageId?: string) =>
  bench.runs.claim({
    ...claimOf({ userId, content: 'hi', ...(clientMessageId && { clientMessageId }) }),
    budget: limits,
  });

const finishWith = (bench: RunBench, run: Run, totalTokens: number) =>
  bench.runs.finish(
    outcomeOf(run, {
      end: { ...END, usage: { promptTokens: totalTokens - 1, completionTokens: 1, totalTokens } },
    }),
  );

const LONG_AGO = new Date(0);

/** What every store of usage must keep; the numbers are those of the port's guarantees. */
export const usageStoreContract: readonly ContractCase<UsageBench>[] = [
  {
    name: '1: sums the ended runs of a conversation and of a user, whatever way they ended',
    prove: async (bench) => {
      const first = await playTurn(bench);
      const { userId, conversationId } = first;
      const next = (await bench.runs.claim(claimOf({ userId, conversationId: conversationId! }))).run;
      const usage = { promptTokens: 5, completionTokens: 2, totalTokens: 7, estimated: true };
      await bench.runs.finish(outcomeOf(next, { status: 'cancelled', end: { ...END, usage } }));
      await playTurn(bench, { userId });
      await bench.runs.claim(claimOf({ userId }));
      expect(await bench.usage.ofConversation(conversationId!)).toEqual({
        runs: 2,
        promptTokens: 8,
        completionTokens: 7,
        totalTokens: 15,
        estimated: true,
      });
      expect(await bench.usage.ofUser(userId, LONG_AGO)).toMatchObject({ runs: 3, totalTokens: 23 });
      const tomorrow = new Date(Date.now() + 86_400_000);
      expect(await bench.usage.ofUser(userId, tomorrow)).toMatchObject({ runs: 0, totalTokens: 0, estimated: false });
    },
  },
  {
    name: '2: reserves question and answer, and settles for what was used',
    prove: async (bench) => {
      const userId = await bench.newUser();
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 0, reservedTokens: 0 });
      const { run, answerTokens } = await claimWithin(bench, userId, budget(100));
      expect(answerTokens).toBe(40);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 0, reservedTokens: 50 });
      await finishWith(bench, run, 17);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 17, reservedTokens: 0 });
    },
  },
  {
    name: '2: gives the last answer what is left, and refuses the next until the day is over',
    prove: async (bench) => {
      const userId = await bench.newUser();
      expect((await claimWithin(bench, userId, budget(30))).answerTokens).toBe(20);
      const refused = claimWithin(bench, userId, budget(30));
      await expect(refused).rejects.toMatchObject({ code: 'TOKEN_BUDGET_EXCEEDED' });
      const { retryAfterMs } = (await refused.catch((error: unknown) => error)) as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(86_400_000);
      expect((await bench.usage.ofUser(userId, LONG_AGO)).runs).toBe(0);
    },
  },
  {
    name: '2: never gives away more than the budget, though many ask at once',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const claims = Array.from({ length: 12 }, () => claimWithin(bench, userId, budget(120)));
      const outcomes = await Promise.all(claims.map((claim) => codeOf(claim)));
      expect(outcomes.filter((code) => code === 'no error')).toHaveLength(3);
      expect(outcomes.filter((code) => code === 'TOKEN_BUDGET_EXCEEDED')).toHaveLength(9);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 0, reservedTokens: 120 });
    },
  },
  {
    name: '2: counts the history that the model will read',
    prove: async (bench) => {
      const { userId, conversationId } = await playTurn(bench, { content: 'x'.repeat(600) });
      const claim = claimOf({ userId, conversationId: conversationId! });
      const { answerTokens } = await bench.runs.claim({ ...claim, budget: budget(230) });
      expect(answerTokens).toBeLessThan(40);
      expect((await bench.usage.today(userId)).reservedTokens).toBe(230);
    },
  },
  {
    name: '2: reserves once for a message that comes twice, also when the budget is gone',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const first = await claimWithin(bench, userId, budget(50), 'm1');
      const again = await bench.runs.claim({
        ...claimOf({ userId, content: 'hi', clientMessageId: 'm1' }),
        budget: budget(50),
      });
      expect(again).toMatchObject({ created: false, run: { id: first.run.id } });
      expect(await bench.usage.today(userId)).toMatchObject({ reservedTokens: 50 });
    },
  },
  {
    name: '2: frees what a run had reserved that was deleted',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const { run } = await claimWithin(bench, userId, budget(50));
      await bench.deleteConversation(run.conversationId!);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 0, reservedTokens: 0 });
    },
  },
  {
    name: '3: refunds nothing for a conversation that is deleted',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const { run } = await claimWithin(bench, userId, budget(50));
      await finishWith(bench, run, 45);
      await bench.deleteConversation(run.conversationId!);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 45, reservedTokens: 0 });
      expect(await codeOf(claimWithin(bench, userId, budget(50)))).toBe('TOKEN_BUDGET_EXCEEDED');
    },
  },
  {
    name: '3: counts a run that began without a reservation, where the user has a budget',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const { run } = await claimWithin(bench, userId, budget(500));
      await finishWith(bench, run, 10);
      await finishWith(bench, (await bench.runs.claim(claimOf({ userId }))).run, 20);
      expect(await bench.usage.today(userId)).toEqual({ usedTokens: 30, reservedTokens: 0 });
    },
  },
];
