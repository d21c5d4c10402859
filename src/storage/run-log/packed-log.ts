import type { RecordOf, RunRecord } from '../../run/run-event.js';
import { MemoryLog } from './memory-log.js';

/** Text records that follow on one another, as the text of all of them and the UTF-16 units of each. */
interface TextStretch {
  seq: number;
  epoch: number;
  index: number;
  offset: number;
  text: string;
  lengths: number[];
}

interface PackedLog {
  epoch: number;
  stopRequested: boolean;
  parts: (RunRecord | TextStretch)[];
}

/**
 * An ended log as one text, from which `unpackLog` makes it again: nobody may ever read it, and a collection of garbage
 * would visit three objects for each of its records as long as it is kept.
 */
export function packLog({ epoch, stopRequested, records }: MemoryLog): string {
  const parts: PackedLog['parts'] = [];
  let stretch: TextStretch | undefined;
  for (const record of records) {
    if (record.type !== 'text.delta') {
      stretch = undefined;
      parts.push(record);
    } else if (stretch && follows(stretch, record)) {
      stretch.text += record.data.text;
      stretch.lengths.push(record.data.text.length);
    } else {
      const { seq, epoch: term, data } = record;
      parts.push((stretch = { seq, epoch: term, ...data, lengths: [data.text.length] }));
    }
  }
  return JSON.stringify({ epoch, stopRequested, parts } satisfies PackedLog);
}

/** The log that was packed, with records equal to those that it had. */
export function unpackLog(runId: string, packed: string): MemoryLog {
  const { epoch, stopRequested, parts } = JSON.parse(packed) as PackedLog;
  const records = parts.flatMap((part) => ('lengths' in part ? recordsOf(part) : part));
  const log = new MemoryLog(runId, epoch, records);
  log.stopRequested = stopRequested;
  return log;
}

function follows({ seq, epoch, index, offset, text, lengths }: TextStretch, record: RecordOf<'text.delta'>): boolean {
  const { length } = lengths;
  const { data } = record;
  const isNext = record.seq === seq + length && data.index === index + length;
  return isNext && data.offset === offset + text.length && record.epoch === epoch;
}

function recordsOf({ seq, epoch, index, offset, text, lengths }: TextStretch): RunRecord[] {
  let at = 0;
  return lengths.map((length, i) => {
    const data = { text: text.slice(at, at + length), index: index + i, offset: offset + at };
    at += length;
    return { seq: seq + i, epoch, type: 'text.delta', data };
  });
}
