import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import { claimOf, codeOf, outcomeOf, playTurn, type RunBench, startRun } from './run-bench.contract.js';

const TEN = Array.from({ length: 10 });

/** Guarantee 1 of RunStore: the claim. */
export const runClaimContract: readonly ContractCase<RunBench>[] = [
  {
    name: '1: writes conversation, question, empty answer and run together',
    prove: async (bench) => {
      const claim = claimOf({ userId: await bench.newUser(), clientMessageId: 'm1', requestedModel: 'mock-2' });
      const { created, run } = await bench.runs.claim(claim);
      expect(created).toBe(true);
      expect(run).toEqual({
        id: claim.runId,
        userId: claim.userId,
        status: 'running',
        conversationId: claim.conversation.id,
        userMessageId: claim.userMessage.id,
        clientMessageId: 'm1',
        messageId: claim.assistantMessageId,
        requestedModel: 'mock-2',
        epoch: 1,
        owner: 'node-a',
        stopRequested: false,
        recoveries: 0,
        createdAt: expect.anything(),
      });
      expect(await bench.runs.find(run.id)).toEqual(run);
      expect(await bench.runs.findRunning(claim.conversation.id)).toEqual(run);
      expect(await bench.conversations.find(claim.conversation.id)).toMatchObject({
        userId: claim.userId,
        title: 'A title',
        activeLeafId: claim.assistantMessageId,
        messageCount: 2,
      });
      expect(await bench.conversations.history(claim.conversation.id, { limit: 10 })).toMatchObject([
        {
          id: claim.userMessage.id,
          role: 'user',
          content: 'hello',
          status: 'complete',
          clientMessageId: 'm1',
          depth: 1,
        },
        { id: claim.assistantMessageId, role: 'assistant', content: '', status: 'streaming', runId: run.id, depth: 2 },
      ]);
    },
  },
  {
    name: '1: says what it saw of the conversation, so that nobody has to ask before the first token',
    prove: async (bench) => {
      const first = await playTurn(bench);
      const { userId, conversationId } = first;
      const started = await bench.runs.claim(claimOf({ userId }));
      expect(started.seen).toEqual({ settings: {}, isFirst: true });
      const next = await bench.runs.claim(claimOf({ userId, conversationId: conversationId! }));
      expect(next.seen).toEqual({ settings: {}, isFirst: false });
    },
  },
  {
    name: '1: hangs the next question under the last answer and keeps the title',
    prove: async (bench) => {
      const first = await playTurn(bench);
      const claim = { ...claimOf({ userId: first.userId, conversationId: first.conversationId! }) };
      claim.conversation = { ...claim.conversation, createIfMissing: true, title: 'Another title' };
      await bench.runs.claim(claim);
      const path = await bench.conversations.history(first.conversationId!, { limit: 10 });
      expect(path.map(({ id, parentId, depth }) => [id, parentId, depth])).toEqual([
        [first.userMessageId, undefined, 1],
        [first.messageId, first.userMessageId, 2],
        [claim.userMessage.id, first.messageId, 3],
        [claim.assistantMessageId, claim.userMessage.id, 4],
      ]);
      expect(await bench.conversations.find(first.conversationId!)).toMatchObject({
        title: 'A title',
        messageCount: 4,
      });
    },
  },
  {
    name: '1: starts one run for a message that arrives ten times at once',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const conversationId = newRowId();
      const claims = TEN.map(() => claimOf({ userId, conversationId, createIfMissing: true, clientMessageId: 'm1' }));
      const results = await Promise.all(claims.map((claim) => bench.runs.claim(claim)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map(({ run }) => run.id)).size).toBe(1);
      expect(await bench.conversations.find(conversationId)).toMatchObject({ messageCount: 2 });
    },
  },
  {
    name: '1: starts one run for a message that arrives ten times at once, each time with a new conversation',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const claims = TEN.map(() => claimOf({ userId, clientMessageId: 'm1' }));
      const results = await Promise.all(claims.map((claim) => bench.runs.claim(claim)));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(results.map(({ run }) => run.id)).size).toBe(1);
      const kept = await Promise.all(claims.map(({ conversation }) => bench.conversations.find(conversation.id)));
      expect(kept.filter(Boolean)).toHaveLength(1);
    },
  },
  {
    name: '1: returns the first run to a resend, while it runs and after it ended',
    prove: async (bench) => {
      const run = await startRun(bench, { clientMessageId: 'm1' });
      const wishes = { userId: run.userId, conversationId: run.conversationId!, clientMessageId: 'm1' };
      expect(await bench.runs.claim(claimOf(wishes))).toEqual({ created: false, run });
      await bench.runs.finish(outcomeOf(run, { status: 'failed' }));
      await playTurn(bench, { userId: run.userId, conversationId: run.conversationId! });
      expect(await bench.runs.claim(claimOf(wishes))).toMatchObject({
        created: false,
        run: { id: run.id, status: 'failed' },
      });
      expect(
        await bench.runs.claim(claimOf({ ...wishes, createIfMissing: true, conversationId: newRowId() })),
      ).toMatchObject({ created: false, run: { id: run.id } });
    },
  },
  {
    name: '1: refuses other content, or another conversation, under a messageId in use',
    prove: async (bench) => {
      const { userId, conversationId } = await playTurn(bench, { clientMessageId: 'm1' });
      const other = await playTurn(bench, { userId });
      const wishes = { userId, conversationId: conversationId!, clientMessageId: 'm1' };
      expect(await codeOf(bench.runs.claim(claimOf({ ...wishes, content: 'other' })))).toBe('CONFLICT');
      const again = claimOf(wishes);
      const input = { items: [{ role: 'user' as const, content: 'with a file' }] };
      expect(await codeOf(bench.runs.claim({ ...again, userMessage: { ...again.userMessage, input } }))).toBe(
        'CONFLICT',
      );
      expect(await codeOf(bench.runs.claim(claimOf({ ...wishes, conversationId: other.conversationId! })))).toBe(
        'CONFLICT',
      );
      expect(await bench.runs.findRunning(other.conversationId!)).toBeUndefined();
    },
  },
  {
    name: '1: lets two users have the same messageId',
    prove: async (bench) => {
      const runs = [await startRun(bench, { clientMessageId: 'm1' }), await startRun(bench, { clientMessageId: 'm1' })];
      expect(runs[0]!.id).not.toBe(runs[1]!.id);
    },
  },
  {
    name: '1: tells neither a missing conversation nor one of somebody else',
    prove: async (bench) => {
      const { conversationId } = await playTurn(bench);
      const userId = await bench.newUser();
      const missing = claimOf({ userId, conversationId: newRowId(), createIfMissing: false });
      expect(await codeOf(bench.runs.claim(missing))).toBe('CONVERSATION_NOT_FOUND');
      for (const createIfMissing of [true, false]) {
        const foreign = claimOf({ userId, conversationId: conversationId!, createIfMissing });
        expect(await codeOf(bench.runs.claim(foreign))).toBe('CONVERSATION_NOT_FOUND');
      }
      expect(await bench.conversations.find(conversationId!)).toMatchObject({ messageCount: 2 });
    },
  },
  {
    name: '1: writes nothing at all when a part cannot be stored',
    prove: async (bench) => {
      const claim = claimOf({ userId: await bench.newUser(), content: 'nul \0' });
      expect(await codeOf(bench.runs.claim(claim))).toBe('VALIDATION_ERROR');
      const { run } = await bench.runs.claim(claimOf({ userId: claim.userId }));
      const sameRunId = { ...claimOf({ userId: claim.userId }), runId: run.id };
      expect(await codeOf(bench.runs.claim(sameRunId))).toBe('CONFLICT');
      for (const { conversation } of [claim, sameRunId]) {
        expect(await bench.conversations.find(conversation.id)).toBeUndefined();
      }
    },
  },
];
