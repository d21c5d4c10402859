import type { RunRecord, TerminalRecord } from './run-event.js';
import type { RunSource } from './run-source.js';
import { Transcript } from './transcript.js';

/** Is shown each record as it is read. */
export type RecordVisitor = (record: RunRecord) => void;

/** Reads a run to its end: the whole answer, or undefined where `signal` aborts first or the log is gone. */
export async function readAnswer(
  source: RunSource,
  signal: AbortSignal,
  visit: RecordVisitor = () => undefined,
): Promise<{ text: string; end: TerminalRecord } | undefined> {
  const transcript = new Transcript();
  for await (const batch of source.follow(-1, signal)) {
    for (const record of batch) {
      transcript.apply(record);
      visit(record);
    }
  }
  const { content, end } = transcript;
  return end && { text: content, end };
}
