import { TalksyError } from '../common/errors/talksy-error.js';
import type { RunRecord, TerminalRecord } from './run-event.js';
import type { RunSource } from './run-source.js';
import { Transcript } from './transcript.js';

/** Is shown each record as it is read. */
export type RecordVisitor = (record: RunRecord) => void;

/** A whole answer, and how it ended. */
export interface WholeAnswer {
  text: string;
  end: TerminalRecord;
}

/** For who must have an answer and cannot, because its log is gone or its reader was called away. */
export const answerCut = (): TalksyError =>
  new TalksyError('STORE_UNAVAILABLE', 'The answer was cut; resume the run, or ask again.', { retryAfterMs: 500 });

/**
 * Reads a run to its end: the whole answer; undefined only where `signal` aborts first. Throws STORE_UNAVAILABLE where the
 * log is gone before that, and the run's own error where it failed.
 */
export async function wholeAnswer(
  source: RunSource,
  signal: AbortSignal,
  visit: RecordVisitor = () => undefined,
): Promise<WholeAnswer | undefined> {
  const transcript = new Transcript();
  for await (const batch of source.follow(-1, signal)) {
    for (const record of batch) {
      transcript.apply(record);
      visit(record);
    }
  }
  const { content: text, end } = transcript;
  if (!end && signal.aborted) return undefined;
  if (!end) throw answerCut();
  const { error } = end.data;
  if (error) throw new TalksyError(error.code, error.message);
  return { text, end };
}
