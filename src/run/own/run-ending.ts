import { type ErrorSummary, summarizeError, TalksyError } from '../../common/errors/talksy-error.js';
import type { FinishReason, RunEnd, TerminalRecord, TerminalType } from '../run-event.js';
import type { EndedStatus } from '../run.js';
import type { Transcript } from '../transcript.js';
import type { Interruption } from './live-run.js';

/** How a run ends: in SQL, in the log, for the client. */
export interface Ending {
  status: EndedStatus;
  type: TerminalType;
  finishReason: FinishReason;
  error?: ErrorSummary;
}

/** The end of a run whose turn finished by itself. */
export const completed = (finishReason: FinishReason): Ending => ({
  status: 'completed',
  type: 'run.completed',
  finishReason,
});

export const CANCELLED: Ending = { status: 'cancelled', type: 'run.cancelled', finishReason: 'cancelled' };

/** The end of a run whose node died, as another start of the server writes it. */
export const INTERRUPTED: Ending = {
  status: 'interrupted',
  type: 'run.failed',
  finishReason: 'interrupted',
  error: summarizeError(new TalksyError('RUN_INTERRUPTED')),
};

/** The end of a run whose turn threw `error`, or was cut short. */
export function endingOf(error: unknown, interruption: Interruption | undefined): Ending {
  if (interruption === 'stop') return CANCELLED;
  const cause = interruption === 'timeout' ? new TalksyError('PROVIDER_TIMEOUT', 'The answer took too long.') : error;
  return { status: 'failed', type: 'run.failed', finishReason: 'error', error: summarizeError(cause) };
}

/** The end that a terminal record stands for: how SQL learns of an end that only the log has. */
export function endingOfRecord({ type, data: { finishReason, error } }: TerminalRecord): Ending {
  const failed = finishReason === 'interrupted' ? 'interrupted' : 'failed';
  const status = type === 'run.completed' ? 'completed' : type === 'run.cancelled' ? 'cancelled' : failed;
  return { status, type, finishReason, ...(error && { error }) };
}

/** What the terminal record says. Where the vendor did not count, the usage is our estimate and marked so. */
export function runEnd({ finishReason, error }: Ending, transcript: Transcript): RunEnd {
  return {
    finishReason,
    lastIndex: transcript.lastIndex,
    usage: transcript.usage,
    provider: transcript.attempt?.provider ?? '',
    model: transcript.attempt?.model ?? '',
    ...(error && { error }),
  };
}
