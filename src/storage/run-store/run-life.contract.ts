import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { Run } from '../../run/run.js';
import {
  checkpointOf,
  END,
  HOLD_MS,
  outcomeOf,
  playTurn,
  type RunBench,
  startRun,
  USAGE,
} from './run-bench.contract.js';

/** A run whose owner is dead: its hold ended as it began. */
const startAbandoned = (bench: RunBench): Promise<Run> => startRun(bench, { holdMs: -1 });

const answerOf = async (bench: RunBench, run: Run) => (await bench.runs.findAnswer(run.id))?.content;

/** Guarantees 3 and 5 of RunStore, stop requests and reads. */
export const runLifeContract: readonly ContractCase<RunBench>[] = [
  {
    name: 'finds nothing where nothing is, also under what is no id',
    prove: async ({ runs }) => {
      for (const id of [newRowId(), 'none']) {
        expect(await runs.find(id)).toBeUndefined();
        expect(await runs.findAnswer(id)).toBeUndefined();
        expect(await runs.findRunning(id)).toBeUndefined();
        await runs.requestStop(id);
      }
    },
  },
  {
    name: '3: grants no run that is held, and each epoch to one of ten',
    prove: async (bench) => {
      const held = await startRun(bench);
      expect(await bench.runs.grant(held.id, 1, 'node-b', HOLD_MS)).toBeUndefined();
      const run = await startAbandoned(bench);
      const owners = Array.from({ length: 10 }, (_, i) => `node-${i}`);
      const granted = await Promise.all(owners.map((owner) => bench.runs.grant(run.id, 1, owner, -1)));
      expect(granted.filter((epoch) => epoch !== undefined)).toEqual([2]);
      expect(await bench.runs.find(run.id)).toMatchObject({ epoch: 2, owner: owners[granted.indexOf(2)] });
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBeUndefined();
      expect(await bench.runs.grant(run.id, 2, 'node-b', HOLD_MS)).toBe(3);
      expect(await bench.runs.grant(run.id, 3, 'node-c', HOLD_MS)).toBeUndefined();
    },
  },
  {
    name: '3: keeps a hold that its owner extends, and no one else does',
    prove: async (bench) => {
      const run = await startAbandoned(bench);
      await bench.runs.hold('node-b', [run.id], HOLD_MS);
      await bench.runs.hold('node-a', [], HOLD_MS);
      expect((await bench.runs.listAbandoned(1000)).map(({ id }) => id)).toContain(run.id);
      await bench.runs.hold('node-a', [run.id, newRowId()], HOLD_MS);
      expect((await bench.runs.listAbandoned(1000)).map(({ id }) => id)).not.toContain(run.id);
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBeUndefined();
    },
  },
  {
    name: '3: frees a run in the very moment that its hold is given up',
    prove: async (bench) => {
      const run = await startRun(bench);
      // The clock of an embedded database counts whole milliseconds: many of these fall into the same one.
      for (let epoch = 1; epoch <= 20; epoch++) {
        const owner = epoch === 1 ? 'node-a' : 'node-b';
        expect(await bench.runs.hold(owner, [run.id], 0)).toBe(1);
        expect(await bench.runs.grant(run.id, epoch, 'node-b', HOLD_MS)).toBe(epoch + 1);
      }
    },
  },
  {
    name: '3: frees every run when all holds are released',
    prove: async (bench) => {
      const run = await startRun(bench);
      await bench.runs.releaseAllHolds();
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBe(2);
    },
  },
  {
    name: '3: grants no run that has ended',
    prove: async (bench) => {
      const run = await startAbandoned(bench);
      await bench.runs.finish(outcomeOf(run));
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBeUndefined();
    },
  },
  {
    name: 'lists abandoned runs, oldest first and no more than asked for',
    prove: async (bench) => {
      const older = await startAbandoned(bench);
      const younger = await startAbandoned(bench);
      const listed = (await bench.runs.listAbandoned(1000)).map(({ id }) => id);
      expect(listed.filter((id) => id === older.id || id === younger.id)).toEqual([older.id, younger.id]);
      expect(await bench.runs.listAbandoned(1)).toHaveLength(1);
    },
  },
  {
    name: 'keeps what a stateless run was asked until its end, and nothing of it afterwards',
    prove: async (bench) => {
      const userId = await bench.newUser();
      const prompt = { messages: [{ role: 'user', content: 'What is "𝄞"?' }], temperature: 0.5 } as const;
      const tools = ['look'];
      const claim = { runId: newRowId(), userId, owner: 'node-a', holdMs: -1, requestedModel: 'mock', tools, prompt };
      const { run } = await bench.runs.claimStateless(claim);
      expect(run).toMatchObject({
        id: claim.runId,
        status: 'running',
        epoch: 1,
        requestedModel: 'mock',
        tools,
        prompt,
      });
      expect(run).not.toHaveProperty('conversationId');
      expect(await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS)).toBe(2);
      expect((await bench.runs.find(run.id))?.prompt).toEqual(prompt);
      expect(await bench.runs.finish({ ...outcomeOf(run), epoch: 2 })).toBe(true);
      const ended = await bench.runs.find(run.id);
      expect(ended).toMatchObject({ status: 'completed', end: { finalSeq: END.finalSeq } });
      expect(ended).not.toHaveProperty('prompt');
      expect(await bench.runs.findAnswer(run.id)).toBeUndefined();
    },
  },
  {
    name: '5: checkpoints the texts of several runs at once',
    prove: async (bench) => {
      const [one, two] = [await startRun(bench), await startRun(bench)];
      await bench.runs.checkpoint([]);
      await bench.runs.checkpoint([checkpointOf(one, 'one "1" \n 𝄞'), checkpointOf(two, 'two')]);
      expect(await bench.runs.findAnswer(one.id)).toEqual({ content: 'one "1" \n 𝄞', chunkEnds: [[1, 12]] });
      expect(await bench.runs.findAnswer(two.id)).toEqual({ content: 'two', chunkEnds: [[1, 3]] });
      expect(await bench.conversations.history(one.conversationId!, { limit: 1 })).toMatchObject([
        { status: 'streaming' },
      ]);
    },
  },
  {
    name: '5: goes on behind the chunks that are stored, and says where others are',
    prove: async (bench) => {
      const [run, other] = [await startRun(bench), await startRun(bench)];
      const more = { ...checkpointOf(run, ' 𝄞 two'), behind: 1, chunkEnds: [[2, 10]] as [number, number][] };
      const whole = [checkpointOf(run, 'one'), checkpointOf(other, 'other')];
      expect(await bench.runs.checkpoint(whole)).toEqual(new Set([run.id, other.id]));
      const both = { content: 'one 𝄞 two', chunkEnds: [...checkpointOf(run, 'one').chunkEnds, [2, 10]] };
      expect(await bench.runs.checkpoint([more])).toEqual(new Set([run.id]));
      expect(await bench.runs.findAnswer(run.id)).toEqual(both);
      // Sent again, since nobody heard that it was stored; and behind chunks that were never stored.
      const astray = { ...checkpointOf(other, '?'), behind: 7 };
      expect(await bench.runs.checkpoint([more, astray])).toEqual(new Set());
      expect(await bench.runs.findAnswer(run.id)).toEqual(both);
      expect(await answerOf(bench, other)).toBe('other');
      expect(await bench.runs.checkpoint([checkpointOf(run, 'anew')])).toEqual(new Set([run.id]));
      expect(await bench.runs.findAnswer(run.id)).toEqual({ content: 'anew', chunkEnds: [[1, 4]] });
    },
  },
  {
    name: '5: replaces what cannot be stored in an answer, unit by unit',
    prove: async (bench) => {
      const run = await startRun(bench);
      await bench.runs.checkpoint([checkpointOf(run, 'a\0b\uD83D')]);
      expect(await answerOf(bench, run)).toBe('a\uFFFDb\uFFFD');
      await bench.runs.finish(outcomeOf(run, { content: '\0\uDE00!' }));
      expect(await answerOf(bench, run)).toBe('\uFFFD\uFFFD!');
    },
  },
  {
    name: '5: takes no checkpoint and no end from the owner of a former epoch',
    prove: async (bench) => {
      const run = await startAbandoned(bench);
      await bench.runs.checkpoint([checkpointOf(run, 'before')]);
      await bench.runs.grant(run.id, 1, 'node-b', HOLD_MS);
      await bench.runs.checkpoint([checkpointOf(run, 'from the past')]);
      expect(await answerOf(bench, run)).toBe('before');
      expect(await bench.runs.finish(outcomeOf(run))).toBe(false);
      expect(await bench.runs.find(run.id)).toMatchObject({ status: 'running', epoch: 2 });
      await bench.runs.checkpoint([{ ...checkpointOf(run, 'after'), epoch: 2 }]);
      expect(await answerOf(bench, run)).toBe('after');
    },
  },
  {
    name: '5: ends a run once, and takes no checkpoint after it',
    prove: async (bench) => {
      const run = await startRun(bench);
      const ends = await Promise.all([1, 2, 3].map((n) => bench.runs.finish(outcomeOf(run, { content: `end ${n}` }))));
      expect(ends.filter(Boolean)).toHaveLength(1);
      await bench.runs.checkpoint([checkpointOf(run, 'late')]);
      expect(await answerOf(bench, run)).toBe(`end ${ends.indexOf(true) + 1}`);
      expect(await bench.runs.findRunning(run.conversationId!)).toBeUndefined();
    },
  },
  {
    name: '5: keeps the end of a run against a checkpoint at the same time',
    prove: async (bench) => {
      for (let round = 0; round < 10; round++) {
        const run = await startRun(bench);
        await Promise.all([
          bench.runs.checkpoint([checkpointOf(run, 'partial')]),
          bench.runs.finish(outcomeOf(run)),
          bench.runs.checkpoint([checkpointOf(run, 'partial')]),
        ]);
        expect(await answerOf(bench, run)).toBe('the answer');
      }
    },
  },
  {
    name: '5: writes how a run ended to the run and to its message',
    prove: async (bench) => {
      const error = { code: 'PROVIDER_ERROR', message: 'The AI provider failed.' } as const;
      const run = await startRun(bench);
      const end = { ...END, finishReason: 'error', usage: { ...USAGE, estimated: true }, error } as const;
      expect(await bench.runs.finish(outcomeOf(run, { status: 'failed', end }))).toBe(true);
      expect(await bench.runs.find(run.id)).toEqual({ ...run, status: 'failed', end, endedAt: expect.anything() });
      const [message] = await bench.conversations.history(run.conversationId!, { limit: 1 });
      expect(message).toMatchObject({ status: 'failed', finishReason: 'error', provider: 'mock', usage: end.usage });
    },
  },
  {
    name: '5: gives the message the status of its run',
    prove: async (bench) => {
      for (const [status, expected] of [
        ['completed', 'complete'],
        ['cancelled', 'cancelled'],
        ['interrupted', 'interrupted'],
      ] as const) {
        const run = await startRun(bench);
        await bench.runs.finish(outcomeOf(run, { status }));
        expect(await bench.conversations.history(run.conversationId!, { limit: 1 })).toMatchObject([
          { status: expected },
        ]);
        expect(await bench.runs.find(run.id)).toMatchObject({ status, end: { usage: USAGE } });
      }
    },
  },
  {
    name: 'moves its conversation to the top when a run ends',
    prove: async (bench) => {
      const run = await startRun(bench);
      const before = await bench.conversations.find(run.conversationId!);
      await bench.runs.finish(outcomeOf(run));
      const after = await bench.conversations.find(run.conversationId!);
      expect(after!.updatedAt.getTime()).toBeGreaterThanOrEqual(before!.updatedAt.getTime());
      expect(after).toEqual({ ...before, updatedAt: after!.updatedAt });
    },
  },
  {
    name: 'keeps a stop request, and takes none for a run that has ended',
    prove: async (bench) => {
      const [run, ended] = [await startRun(bench), await playTurn(bench)];
      await bench.runs.requestStop(run.id);
      await bench.runs.requestStop(run.id);
      await bench.runs.requestStop(ended.id);
      expect(await bench.runs.find(run.id)).toMatchObject({ stopRequested: true, status: 'running' });
      expect(await bench.runs.find(ended.id)).toEqual(ended);
    },
  },
];
