import type { RunEvent, RunIdentity } from '../run-event.js';
import type { Run } from '../run.js';

/** What the log says first of a run that begins now. */
export const startedEvent = (run: Run): RunEvent => ({ type: 'run.started', data: identityOf(run) });

/** What the log says first of a run that has to wait; `position` is 1 for the next. */
export const queuedEvent = (run: Run, position: number): RunEvent => ({
  type: 'run.queued',
  data: { ...identityOf(run), position },
});

function identityOf(run: Run): RunIdentity {
  const { userId, conversationId, messageId, continues } = run;
  const userMessageId = run.clientMessageId ?? run.userMessageId;
  return {
    userId,
    startedAt: new Date().toISOString(),
    ...(conversationId && { conversationId }),
    ...(messageId && { messageId }),
    ...(userMessageId && { userMessageId }),
    ...(continues && { continues }),
  };
}
