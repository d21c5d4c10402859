import type { CheckedStream } from './checked-stream.js';

/** A message of a conversation as `get_history` tells it. */
export interface StoredMessage {
  readonly role: string;
  readonly content: string;
}

/** What is wrong with an answer; all false for one that kept the promise. */
export interface StreamVerdict {
  readonly lost: boolean;
  readonly duplicated: boolean;
  readonly altered: boolean;
  /** In words, for people. */
  readonly reasons: readonly string[];
}

/** Judges one answer by what its client saw and by what is stored of it. Pure. */
export function judge(stream: CheckedStream, stored: readonly StoredMessage[]): StreamVerdict {
  const { text, plan, finishReason } = stream;
  const answers = stored.filter(({ role }) => role === 'assistant');
  const lost = [
    stream.endedAt === undefined && `it never ended: ${stream.lastError}`,
    stream.endedAt !== undefined && finishReason !== 'stop' && `it ended by "${finishReason}"`,
    stream.gaps > 0 && `${stream.gaps} gaps`,
    answers.length === 0 && 'no answer is stored',
  ];
  const duplicated = [
    stream.duplicates > 0 && `${stream.duplicates} chunks came twice`,
    answers.length > 1 && `${answers.length} answers are stored`,
  ];
  const altered = [
    ...stream.faults,
    plan.expected !== undefined && text !== plan.expected && difference('shown', text, plan.expected),
    answers.length === 1 && answers[0]!.content !== text && difference('stored', answers[0]!.content, text),
  ];
  const [losses, doubles, changes] = [lost, duplicated, altered].map((found) => found.filter(isReason));
  return {
    lost: losses!.length > 0,
    duplicated: doubles!.length > 0,
    altered: changes!.length > 0,
    reasons: [...losses!, ...doubles!, ...changes!],
  };
}

/** The longest time in which nothing new came, of those that ended after `since`; milliseconds. */
export function longestStallMs({ chunks, endedAt }: CheckedStream, since: number): number {
  const moments = [...chunks.map(({ at }) => at), ...(endedAt === undefined ? [] : [endedAt])];
  const stalls = moments.map((at, i) => (i > 0 && at > since ? at - moments[i - 1]! : 0));
  return Math.max(0, ...stalls);
}

const isReason = (reason: string | false): reason is string => reason !== false;

function difference(what: string, found: string, wanted: string): string {
  let at = 0;
  while (at < wanted.length && found[at] === wanted[at]) at++;
  const [is, ought] = [found, wanted].map((text) => JSON.stringify(text.slice(at, at + 30)));
  return `what is ${what} differs at ${at} of ${wanted.length}: ${is} for ${ought}`;
}
