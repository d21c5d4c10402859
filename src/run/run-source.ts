import { type FirstRecord, isTerminal, type RunRecord } from './run-event.js';
import type { RecordStream } from './run-log.port.js';

/** One run to read from: its live log, or what is stored of it. Both give the same seqs and indices. */
export interface RunSource {
  readonly runId: string;
  /** Whose run it is; a run that had to wait says so here. */
  readonly started: FirstRecord;
  /** Seq of the last record there is now. */
  readonly lastSeq: number;
  follow(afterSeq: number, signal: AbortSignal): RecordStream;
}

/** Where a client stands that has seen everything there is now. */
export interface RunPosition {
  lastSeq: number;
  /** -1 before the first chunk. */
  lastIndex: number;
}

/** The present end of the run, as both cursors. */
export async function positionOf(source: RunSource): Promise<RunPosition> {
  let lastIndex = -1;
  await readSoFar(source, (record) => {
    if (record.type === 'text.delta') lastIndex = record.data.index;
    return false;
  });
  return { lastSeq: source.lastSeq, lastIndex };
}

/** The seq of the chunk with this index; the present end where there is no such chunk, the beginning for -1. */
export async function seqOfIndex(source: RunSource, index: number): Promise<number> {
  if (index < 0) return -1;
  let seq: number | undefined;
  await readSoFar(source, (record) => {
    if (record.type === 'text.delta' && record.data.index === index) seq = record.seq;
    return seq !== undefined;
  });
  return seq ?? source.lastSeq;
}

/** What was said up to a seq, or until now, and whether that is the whole answer. */
export async function textUpTo(
  source: RunSource,
  seq: number = source.lastSeq,
): Promise<{ text: string; isWhole: boolean }> {
  let [text, isWhole] = ['', false];
  await readSoFar(source, (record) => {
    if (record.seq > seq) return true;
    if (record.type === 'text.delta') text += record.data.text;
    isWhole = isTerminal(record);
    return record.seq === seq;
  });
  return { text, isWhole };
}

/** Reads what is there now, without waiting for more, until `visit` returns true. */
export async function readSoFar(source: RunSource, visit: (record: RunRecord) => boolean): Promise<void> {
  if (source.lastSeq < 0) return;
  const done = new AbortController();
  for await (const batch of source.follow(-1, done.signal)) {
    for (const record of batch) if (visit(record) || record.seq >= source.lastSeq) return;
  }
}
