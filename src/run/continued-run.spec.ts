import { ContinuedRun } from './continued-run.js';
import type { RunRecord } from './run-event.js';
import type { RunSource } from './run-source.js';

const started = { type: 'run.started', data: { userId: 'u', startedAt: '' } } as const;
const end = (finishReason: string) => ({
  type: finishReason === 'stop' ? 'run.completed' : 'run.failed',
  data: { finishReason },
});

function sourceOf(runId: string, texts: readonly string[], reason: string): RunSource {
  const events = [started, ...texts.map((text) => ({ type: 'text.delta', data: { text } })), end(reason)];
  const records = events.map((event, seq) => ({ ...event, seq, epoch: 1 }) as unknown as RunRecord);
  return {
    runId,
    started: records[0] as RunSource['started'],
    lastSeq: records.length - 1,
    async *follow() {
      for (const record of records) yield [record];
    },
  };
}

const shownOf = async (run: RunSource) => {
  const shown: string[] = [];
  for await (const batch of run.follow(-1, new AbortController().signal))
    for (const { type, data } of batch) shown.push(type === 'text.delta' ? data.text : type);
  return shown;
};

describe('A run that others went on with', () => {
  it('is read as one, with no text twice', async () => {
    const first = sourceOf('a', ['one ', 'two '], 'interrupted');
    const second = sourceOf('b', ['one two ', 'three '], 'interrupted');
    const third = sourceOf('c', ['one two ', 'three ', 'four'], 'stop');
    const run = new ContinuedRun([first, second], third);
    expect([run.runId, run.lastSeq, run.seamSeq]).toEqual(['a', 12, 3]);
    expect(await shownOf(run)).toEqual(['run.started', 'one ', 'two ', 'three ', 'four', 'run.completed']);
  });

  it('has seqs that grow up to its last', async () => {
    const run = new ContinuedRun([sourceOf('a', ['one '], 'interrupted')], sourceOf('b', ['one ', 'two'], 'stop'));
    const seqs: number[] = [];
    for await (const batch of run.follow(-1, new AbortController().signal)) seqs.push(...batch.map(({ seq }) => seq));
    expect(seqs).toEqual([0, 1, 5, 6]);
    expect(run.lastSeq).toBe(6);
  });

  it('is read where nothing of it stood', async () => {
    const run = new ContinuedRun([sourceOf('a', [], 'interrupted')], sourceOf('b', ['all'], 'stop'));
    expect(await shownOf(run)).toEqual(['run.started', 'all', 'run.completed']);
  });
});
