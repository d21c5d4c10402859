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

/** Reads a run to its end: the whole answer, or undefined where `signal` aborts first or the log is gone. */
export async function readAnswer(
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
  const { content, end } = transcript;
  return end && { text: content, end };
}

/** For who must have an answer and cannot, because its log is gone or its reader was called away. */
export const answerCut = (): TalksyError =>
  new TalksyError('STORE_UNAVAILABLE', 'The answer was cut; resume the run.', { retryAfterMs: 500 });

/**
 * Reads a run to its end for somebody who wants nothing less: undefined only where `signal` aborts first. Throws
 * STORE_UNAVAILABLE where the log is gone before that, and the run's own error where it failed.
 */
export async function wholeAnswer(
  source: RunSource,
  signal: AbortSignal,
  visit?: RecordVisitor,
): Promise<WholeAnswer | undefined> {
  const answer = await readAnswer(source, signal, visit);
  if (!answer && signal.aborted) return undefined;
  if (!answer) throw answerCut();
  const { error } = answer.end.data;
  if (error) throw new TalksyError(error.code, error.message);
  return answer;
}
