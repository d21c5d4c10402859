import type { RecordOf } from '../../run/run-event.js';
import { encodeOnce } from './encode-once.js';
import { EventPacket } from './event-packet.js';

const record = (seq: number): RecordOf<'text.delta'> => ({
  type: 'text.delta',
  data: { text: `t${seq}`, index: seq, offset: 0 },
  seq,
  epoch: 1,
});

describe('Packets that are encoded once', () => {
  const made: string[] = [];
  const packetOf = encodeOnce<RecordOf<'text.delta'>>(({ data }, runId) => {
    made.push(`${runId} ${data.text}`);
    return new EventPacket(data.text);
  });
  beforeEach(() => made.splice(0));

  it('are the same for all followers that read a batch one after the other', () => {
    const batch = Array.from({ length: 64 }, (_, seq) => record(seq + 10));
    const [first, second] = [1, 2].map(() => batch.map((one) => packetOf(one, 'run')));
    expect(first).toEqual(second);
    expect(first!.map(({ text }) => text)).toEqual(batch.map(({ data }) => data.text));
    expect(made).toHaveLength(64);
  });

  it('are never those of another record or another run', () => {
    const [a, b, again] = [record(1), record(65), record(1)];
    expect([a, b, a, again].map((one) => packetOf(one, 'other run').text)).toEqual(['t1', 't65', 't1', 't1']);
    expect(packetOf(a, 'third run').text).toBe('t1');
    expect(made).toHaveLength(5);
  });

  it('are forgotten after many other runs', () => {
    const one = record(0);
    packetOf(one, 'old run');
    for (let i = 0; i < 600; i++) packetOf(record(0), `run ${i}`);
    packetOf(one, 'old run');
    expect(made.filter((what) => what.startsWith('old run'))).toHaveLength(2);
  });
});
