import type { RunEvent, RunIdentity } from '../run-event.js';
import type { Run } from '../run.js';
import type { Turn } from '../turn.js';

/** What the log says first of a run that begins now. */
export const startedEvent = (run: Run, turn: Turn): RunEvent => ({
  type: 'run.started',
  data: identityOf(run, turn),
});

/** What the log says first of a run that has to wait; `position` is 1 for the next. */
export const queuedEvent = (run: Run, turn: Turn, position: number): RunEvent => ({
  type: 'run.queued',
  data: { ...identityOf(run, turn), position },
});

function identityOf(run: Run, { tools, trace }: Turn): RunIdentity {
  const { userId, conversationId, messageId, continues } = run;
  const userMessageId = run.clientMessageId ?? run.userMessageId;
  return {
    userId,
    startedAt: new Date().toISOString(),
    ...(conversationId && { conversationId }),
    ...(messageId && { messageId }),
    ...(userMessageId && { userMessageId }),
    ...(continues && { continues }),
    ...(tools && { tools }),
    ...(trace && { trace }),
  };
}
