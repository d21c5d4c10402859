import type { RunRecord } from './run-event.js';
import { Transcript } from './transcript.js';

const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };
const records: RunRecord[] = [
  { seq: 0, epoch: 1, type: 'run.started', data: { userId: 'u', startedAt: '' } },
  {
    seq: 1,
    epoch: 1,
    type: 'attempt.started',
    data: { n: 1, provider: 'p', model: 'm', fromOffset: 0, mode: 'fresh', promptTokens: 4 },
  },
  { seq: 2, epoch: 1, type: 'text.delta', data: { text: 'Hel', index: 0, offset: 0 } },
  { seq: 3, epoch: 1, type: 'usage', data: usage },
  { seq: 4, epoch: 1, type: 'text.delta', data: { text: 'lo 😀', index: 1, offset: 3 } },
  {
    seq: 5,
    epoch: 1,
    type: 'run.completed',
    data: { finishReason: 'stop', lastIndex: 1, usage, provider: 'p', model: 'm' },
  },
];

describe('A transcript', () => {
  it('folds a log into the answer, where its chunks ended, and its end', () => {
    const transcript = new Transcript();
    for (const record of records) transcript.apply(record);
    expect(transcript).toMatchObject({
      content: 'Hello 😀',
      chunkEnds: [
        [2, 3],
        [4, 8],
      ],
      lastSeq: 5,
      lastIndex: 1,
      usage,
      attempt: { provider: 'p' },
      end: { type: 'run.completed' },
    });
  });

  it('ignores types of record that it does not know', () => {
    const transcript = new Transcript();
    transcript.apply({ seq: 0, epoch: 1, type: 'tool.called', data: {} } as unknown as RunRecord);
    expect(transcript).toMatchObject({ content: '', lastSeq: 0, lastIndex: -1 });
  });
});
