import type { RunRecord } from '../../run/run-event.js';
import { LogCopy } from './log-copy.js';

const delta = (seq: number): RunRecord => ({
  seq,
  epoch: 1,
  type: 'text.delta',
  data: { text: 't', index: seq, offset: seq },
});

describe('A copy of a log', () => {
  it('keeps the newest records, and takes none twice or too early', () => {
    const copy = new LogCopy(5, 4);
    copy.take([delta(4), delta(5), delta(7), delta(6), delta(6), delta(7), delta(8)]);
    expect(copy.records.map(({ seq }) => seq)).toEqual([5, 6, 7, 8]);
    copy.take([delta(9)]);
    expect([copy.firstSeq, copy.nextSeq]).toEqual([8, 10]);
    expect(copy.batchFrom(9)).toEqual([delta(9)]);
    expect(copy.batchFrom(10)).toEqual([]);
  });
});
