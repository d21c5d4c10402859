import { newSecretId } from '../../common/ids.js';
import type { RunRecord } from '../../run/run-event.js';
import { readEach } from '../../run/read-each.js';
import { type RefusalReason, type RunLog, RunLogRefusal } from '../../run/run-log.port.js';
import type { ContractCase } from '../../../test/support/contract.js';
import { within } from '../../../test/support/within.js';

const NEVER = new AbortController().signal;
/** How the runs of these cases end. */
export const END = {
  finishReason: 'stop',
  lastIndex: 0,
  usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 },
  provider: 'p',
  model: 'm',
} as const;

const delta = (seq: number, epoch = 1, text = `t${seq}`): RunRecord => ({
  seq,
  epoch,
  type: 'text.delta',
  data: { text, index: seq, offset: 2 * seq },
});
const deltas = (from: number, to: number): RunRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => delta(from + i));
const terminal = (seq: number, epoch = 1): RunRecord => ({ seq, epoch, type: 'run.completed', data: END });

/** All that comes behind `afterSeq`, to the end of the log. */
export async function collect(log: RunLog, runId: string, afterSeq: number, signal = NEVER): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const batch of log.follow(runId, afterSeq, signal)) records.push(...batch);
  return records;
}

async function refused(append: Promise<void> | undefined, reason: RefusalReason): Promise<void> {
  const outcome = await Promise.resolve(append).then(
    () => 'appended',
    (error: unknown) => (error instanceof RunLogRefusal ? error.reason : String(error)),
  );
  expect(outcome).toBe(reason);
}

async function opened(log: RunLog, records: RunRecord[] = []): Promise<string> {
  const runId = newSecretId();
  await log.open(runId, 1);
  if (records.length > 0) await log.append(runId, records);
  return runId;
}

/** What every run log must keep; the numbers are those of the port's guarantees. */
export const runLogContract: readonly ContractCase<RunLog>[] = [
  {
    name: '1: reads back what it appended, in order',
    prove: async (log) => {
      const runId = await opened(log, deltas(0, 1));
      await log.append(runId, [delta(2), terminal(3)]);
      expect(await collect(log, runId, -1)).toEqual([...deltas(0, 2), terminal(3)]);
      expect(await log.find(runId)).toEqual({ epoch: 1, nextSeq: 4, terminal: terminal(3), stopRequested: false });
    },
  },
  {
    name: '1: appends a batch whole or not at all',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      await refused(log.append(runId, [delta(1), delta(3)]), 'gap');
      expect((await log.find(runId))?.nextSeq).toBe(1);
    },
  },
  {
    name: '2: takes a batch that is sent again without doubling it',
    prove: async (log) => {
      const runId = await opened(log);
      for (let times = 0; times < 3; times++) await log.append(runId, [delta(0), delta(1), terminal(2)]);
      expect(await collect(log, runId, -1)).toEqual([delta(0), delta(1), terminal(2)]);
    },
  },
  {
    name: '2: takes a batch whose first part it has already',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      await log.append(runId, [delta(0), delta(1)]);
      expect((await log.find(runId))?.nextSeq).toBe(2);
    },
  },
  {
    name: '2: refuses another record at a taken seq',
    prove: async (log) => {
      const runId = await opened(log, deltas(0, 2));
      await refused(log.append(runId, [delta(1, 1, 'other')]), 'seq-taken');
    },
  },
  {
    name: '2: refuses a gap',
    prove: async (log) => refused(log.append(await opened(log, [delta(0)]), [delta(2)]), 'gap'),
  },
  {
    name: '2: refuses anything behind the terminal record',
    prove: async (log) => {
      const runId = await opened(log, [delta(0), terminal(1)]);
      await refused(log.append(runId, [delta(2)]), 'ended');
      await refused(log.append(runId, [terminal(2)]), 'ended');
      await refused(log.append(await opened(log), [terminal(0), delta(1)]), 'ended');
    },
  },
  {
    name: '2: refuses a run that was never opened',
    prove: async (log) => refused(log.append(newSecretId(), [delta(0)]), 'gap'),
  },
  ...[-1, 0, 37, 97].map((after): ContractCase<RunLog> => ({
    name: `3: follows from ${after} without gap or repeat while the run is written`,
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      const reading = collect(log, runId, after);
      for (let seq = 1; seq < 99; seq++) await log.append(runId, [delta(seq)]);
      await log.append(runId, [terminal(99)]);
      const seqs = (await within('the end of the log', reading)).map((record) => record.seq);
      expect(seqs).toEqual(Array.from({ length: 99 - after }, (_, i) => after + 1 + i));
    },
  })),
  {
    name: '3: gives a reader each record when it has room for it',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      const [begun, room] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const given: number[] = [];
      const reading = readEach(log.follow(runId, -1, NEVER), ({ seq }) => {
        given.push(seq);
        begun.resolve();
        return given.length === 1 ? room.promise : undefined;
      });
      // Where this case fails, it goes on until the log is taken away from it.
      reading.catch(() => undefined);
      await within('the first batch', begun.promise);
      for (let seq = 1; seq < 99; seq++) await log.append(runId, [delta(seq)]);
      await new Promise(setImmediate);
      expect(given).toEqual([0]);
      room.resolve();
      await log.append(runId, [terminal(99)]);
      await within('the end of the log', reading);
      expect(given).toEqual(Array.from({ length: 100 }, (_, i) => i));
    },
  },
  {
    name: '3: lets a reader fail alone',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      const failure = readEach(log.follow(runId, -1, NEVER), () => {
        throw new Error('a fault of the reader');
      }).catch(String);
      const other = collect(log, runId, -1);
      await log.append(runId, [delta(1)]);
      await log.append(runId, [terminal(2)]);
      expect(await within('the failure', failure)).toBe('Error: a fault of the reader');
      expect((await within('the end of the log', other)).map((record) => record.seq)).toEqual([0, 1, 2]);
    },
  },
  {
    name: '3: loses nothing that is appended between the past and the wait',
    prove: async (log) => {
      const runId = await opened(log);
      const follower = log.follow(runId, -1, NEVER)[Symbol.asyncIterator]();
      const seqs: number[] = [];
      for (let seq = 0; seq < 50; seq++) {
        const next = follower.next();
        await log.append(runId, [delta(seq)]);
        const { value } = await within(`record ${seq}`, next, 2000);
        seqs.push(...(value as readonly RunRecord[]).map((record) => record.seq));
      }
      await follower.return?.();
      expect(seqs).toEqual(Array.from({ length: 50 }, (_, i) => i));
    },
  },
  {
    name: '3: serves many readers the same records',
    prove: async (log) => {
      const runId = await opened(log, deltas(0, 199));
      const readings = Array.from({ length: 10 }, () => collect(log, runId, -1));
      await log.append(runId, [terminal(200)]);
      for (const reading of readings)
        expect(await within('the end', reading)).toEqual([...deltas(0, 199), terminal(200)]);
    },
  },
  {
    name: '3: gives nothing beyond the terminal, nor of an unknown run',
    prove: async (log) => {
      const runId = await opened(log, [terminal(0)]);
      expect(await within('the end', collect(log, runId, 0))).toEqual([]);
      expect(await within('the end', collect(log, runId, 7))).toEqual([]);
      expect(await within('the end', collect(log, newSecretId(), -1))).toEqual([]);
      expect(await log.find(newSecretId())).toBeUndefined();
    },
  },
  {
    name: '3: lets a reader go whose client has left',
    prove: async (log) => {
      const client = new AbortController();
      const reading = collect(log, await opened(log, [delta(0)]), 0, client.signal);
      client.abort();
      expect(await within('the reader leaving', reading)).toEqual([]);
    },
  },
  {
    name: '4: fences the owner of an earlier epoch',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      expect(await log.open(runId, 2)).toMatchObject({ epoch: 2, nextSeq: 1 });
      await refused(log.append(runId, [delta(1, 1)]), 'stale-epoch');
      await log.append(runId, [delta(1, 2)]);
      await log.append(runId, [delta(0, 1)]);
      expect((await log.find(runId))?.nextSeq).toBe(2);
    },
  },
  {
    name: '4: does not go back to an earlier epoch',
    prove: async (log) => {
      const runId = await opened(log);
      await log.open(runId, 3);
      await expect(log.open(runId, 2)).rejects.toThrow(RunLogRefusal);
      await expect(log.open(runId, 3)).resolves.toMatchObject({ epoch: 3 });
    },
  },
  {
    name: '5: wakes the owner when a stop is asked for, and remembers it',
    prove: async (log) => {
      const runId = await opened(log);
      const woken = log.untilStopRequested(runId, NEVER);
      expect(await log.requestStop(runId)).toBe(true);
      expect(await log.requestStop(runId)).toBe(true);
      expect(await within('the wake-up', woken)).toBe(true);
      expect(await within('the second wake-up', log.untilStopRequested(runId, NEVER))).toBe(true);
      expect((await log.find(runId))?.stopRequested).toBe(true);
    },
  },
  {
    name: '5: lets the owner go when the run ends without a stop',
    prove: async (log) => {
      const ended = new AbortController();
      const waiting = log.untilStopRequested(await opened(log), ended.signal);
      ended.abort();
      expect(await within('the end of the watch', waiting)).toBe(false);
      expect(await log.requestStop(newSecretId())).toBe(false);
      expect(await log.untilStopRequested(newSecretId(), ended.signal)).toBe(false);
    },
  },
  {
    name: 'keeps an ended log for the retention and drops it at once without one, also a kept one',
    prove: async (log) => {
      const [kept, dropped] = [await opened(log, [terminal(0)]), await opened(log, [terminal(0)])];
      await log.retire(kept, 60_000);
      await log.retire(dropped, 60_000);
      await log.retire(dropped, 0);
      expect(await collect(log, kept, -1)).toHaveLength(1);
      expect(await log.find(dropped)).toBeUndefined();
    },
  },
  {
    name: 'sends readers of a dropped log away',
    prove: async (log) => {
      const runId = await opened(log, [delta(0)]);
      const follower = log.follow(runId, -1, NEVER)[Symbol.asyncIterator]();
      await follower.next();
      const next = follower.next();
      await log.retire(runId, 0);
      expect((await within('the reader leaving', next)).done).toBe(true);
    },
  },
];
