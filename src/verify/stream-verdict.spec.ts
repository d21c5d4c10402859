import { CheckedStream, type StreamPlan } from './checked-stream.js';
import { judge, longestStallMs } from './stream-verdict.js';

const PLAN: StreamPlan = {
  urls: ['http://node'],
  token: 'token',
  messageId: 'm',
  text: 'exactly: one two',
  expected: 'one two',
  tools: [],
  cuts: new Set(),
};

function ended(more: Partial<CheckedStream> = {}): CheckedStream {
  const stream = new CheckedStream(PLAN, 0);
  stream.chunks.push({ content: 'one ', at: 100 }, { content: 'two', at: 400 });
  return Object.assign(stream, { endedAt: 450, finishReason: 'stop' }, more);
}

const STORED = [
  { role: 'user', content: PLAN.text },
  { role: 'assistant', content: 'one two' },
];

describe('The verdict on an answer', () => {
  it('finds nothing wrong with one that came whole and once', () => {
    expect(judge(ended(), STORED)).toEqual({ lost: false, duplicated: false, altered: false, reasons: [] });
  });

  it.each([
    ['lost', 'it never ended: no node could be reached', ended({ endedAt: undefined as never }), STORED],
    ['lost', 'it ended by "error"', ended({ finishReason: 'error' }), STORED],
    ['lost', '1 gaps', ended({ gaps: 1 }), STORED],
    ['lost', 'no answer is stored', ended(), STORED.slice(0, 1)],
    ['duplicated', '2 chunks came twice', ended({ duplicates: 2 }), STORED],
    ['duplicated', '2 answers are stored', ended(), [...STORED, STORED[1]!]],
    ['altered', 'a second end', ended({ faults: ['a second end'] }), STORED],
    [
      'altered',
      'what is shown differs at 4 of 5: "two" for "!"',
      ended({ plan: { ...PLAN, expected: 'one !' } }),
      STORED,
    ],
    [
      'altered',
      'what is stored differs at 3 of 7: "" for " two"',
      ended(),
      [STORED[0]!, { role: 'assistant', content: 'one' }],
    ],
  ] as const)('calls it %s where %s', (what, reason, stream, stored) => {
    const verdict = judge(stream, stored);
    expect(verdict[what]).toBe(true);
    expect(verdict.reasons).toEqual([reason]);
  });

  it('knows the longest pause after a moment', () => {
    expect(longestStallMs(ended(), 50)).toBe(300);
    expect(longestStallMs(ended(), 420)).toBe(50);
    expect(longestStallMs(new CheckedStream(PLAN, 0), 0)).toBe(0);
  });
});
