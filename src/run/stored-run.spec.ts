import type { Run } from './run.js';
import type { RunRecord } from './run-event.js';
import { positionOf, seqOfIndex } from './run-source.js';
import { StoredRun } from './stored-run.js';

const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };
const run: Run = {
  id: 'run-1',
  userId: 'user-1',
  status: 'completed',
  conversationId: 'conversation-1',
  userMessageId: 'message-1',
  messageId: 'message-2',
  epoch: 2,
  stopRequested: false,
  recoveries: 0,
  end: { finalSeq: 7, finishReason: 'stop', provider: 'p', model: 'm', usage },
  createdAt: new Date('2026-01-02T03:04:05Z'),
};
const answer = {
  content: 'one two three',
  chunkEnds: [
    [2, 4],
    [3, 8],
    [6, 13],
  ] as const,
};

async function all(source: StoredRun, afterSeq: number): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const batch of source.follow(afterSeq)) records.push(...batch);
  return records;
}

const seqs = async (source: StoredRun, afterSeq: number): Promise<number[]> =>
  (await all(source, afterSeq)).map((record) => record.seq);

describe('A stored run', () => {
  it('gives the chunks the seqs, indices and offsets they had in the log', async () => {
    const source = new StoredRun(run, answer);
    expect(await seqs(source, -1)).toEqual([0, 2, 3, 6, 7]);
    const records = await all(source, -1);
    expect(records[2]).toMatchObject({ seq: 3, type: 'text.delta', data: { text: 'two ', index: 1, offset: 4 } });
    expect(records[4]).toMatchObject({ type: 'run.completed', data: { finishReason: 'stop', lastIndex: 2, usage } });
    expect(source.started.data).toMatchObject({ userId: 'user-1', userMessageId: 'message-1', messageId: 'message-2' });
  });

  it('that had to wait starts behind the record of its waiting, and before its text', async () => {
    const waited: Run = { ...run, wasQueued: true };
    expect(await seqs(new StoredRun(waited, answer), 0)).toEqual([1, 2, 3, 6, 7]);
    const atOnce = { content: 'one', chunkEnds: [[1, 3]] as const };
    expect(await seqs(new StoredRun(waited, atOnce), -1)).toEqual([0, 1, 7]);
  });

  it('that was stopped while it waited has but an end', async () => {
    const stopped: Run = { ...run, wasQueued: true, status: 'cancelled', end: { ...run.end!, finalSeq: 1 } };
    const source = new StoredRun(stopped, { content: '', chunkEnds: [] });
    expect((await all(source, -1)).map(({ seq, type }) => [seq, type])).toEqual([
      [0, 'run.started'],
      [1, 'run.cancelled'],
    ]);
  });

  it('has ended', () => {
    for (const status of ['queued', 'running'] as const) {
      expect(() => new StoredRun({ ...run, status }, answer)).toThrow('run run-1 has not ended');
    }
  });

  it('goes on behind any seq, and gives at least the end', async () => {
    const source = new StoredRun(run, answer);
    expect(await seqs(source, 3)).toEqual([6, 7]);
    expect(await seqs(source, 7)).toEqual([7]);
    expect(await seqs(source, 99)).toEqual([7]);
  });

  it('carries the authoritative text where it was interrupted, and names the run that continues it', async () => {
    const error = { code: 'RUN_INTERRUPTED', message: 'x' } as const;
    const end = { ...run.end!, finishReason: 'interrupted', error } as const;
    const source = new StoredRun({ ...run, status: 'interrupted', continuedBy: 'run-2', end }, answer);
    const records = await all(source, 6);
    expect(records[0]).toMatchObject({
      type: 'run.failed',
      data: { text: 'one two three', continuedBy: 'run-2', error },
    });
  });

  it('maps both cursors to each other', async () => {
    const source = new StoredRun(run, answer);
    expect(await Promise.all([-1, 0, 1, 2, 9].map((index) => seqOfIndex(source, index)))).toEqual([-1, 2, 3, 6, 7]);
    expect(await positionOf(source)).toEqual({ lastSeq: 7, lastIndex: 2 });
  });

  it('is refused for a run that is still going on', () => {
    expect(() => new StoredRun({ ...run, status: 'running' }, answer)).toThrow('has not ended');
  });
});
