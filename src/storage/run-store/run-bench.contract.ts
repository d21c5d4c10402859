import { newRowId } from '../../common/ids.js';
import type { ConversationStore } from '../../conversation/conversation-store.port.js';
import type { BusyPolicy, Run } from '../../run/run.js';
import type { Checkpoint, RunClaim, RunOutcome, RunStore } from '../../run/run-store.port.js';

/** The stores that runs and conversations share, and users to work for. */
export interface RunBench {
  runs: RunStore;
  conversations: ConversationStore;
  newUser(): Promise<string>;
}

export const HOLD_MS = 60_000;
export const MAX_QUEUED = 5;
export const USAGE = { promptTokens: 3, completionTokens: 5, totalTokens: 8 };
export const END = { finalSeq: 7, finishReason: 'stop', provider: 'mock', model: 'mock-1', usage: USAGE } as const;

interface ClaimWishes {
  userId: string;
  conversationId?: string;
  createIfMissing?: boolean;
  content?: string;
  clientMessageId?: string;
  requestedModel?: string;
  tools?: readonly string[];
  holdMs?: number;
  whenBusy?: BusyPolicy;
  runningOfUser?: number;
}

/** A claim with fresh ids; a wish left out means a new conversation. */
export function claimOf(wishes: ClaimWishes): RunClaim {
  const { userId, clientMessageId, requestedModel, tools, content = 'hello', holdMs = HOLD_MS } = wishes;
  const { whenBusy = 'reject', runningOfUser = 1000 } = wishes;
  const conversation = {
    id: wishes.conversationId ?? newRowId(),
    createIfMissing: wishes.createIfMissing ?? wishes.conversationId === undefined,
    title: 'A title',
  };
  return {
    runId: newRowId(),
    userId,
    owner: 'node-a',
    holdMs,
    ...(requestedModel !== undefined && { requestedModel }),
    ...(tools && { tools }),
    conversation,
    userMessage: { id: newRowId(), content, ...(clientMessageId !== undefined && { clientMessageId }) },
    assistantMessageId: newRowId(),
    whenBusy,
    limits: { queuedInConversation: MAX_QUEUED, runningOfUser },
  };
}

/** A running run of a new user in a new conversation, unless wished otherwise. */
export async function startRun(bench: RunBench, wishes: Partial<ClaimWishes> = {}): Promise<Run> {
  const userId = wishes.userId ?? (await bench.newUser());
  return (await bench.runs.claim(claimOf({ ...wishes, userId }))).run;
}

export const checkpointOf = ({ id, epoch }: Run, content: string): Checkpoint => ({
  runId: id,
  epoch,
  behind: 0,
  content,
  chunkEnds: [[1, content.length]],
});

export const outcomeOf = (run: Run, outcome: Partial<RunOutcome> = {}): RunOutcome => ({
  ...checkpointOf(run, 'the answer'),
  status: 'completed',
  end: END,
  ...outcome,
});

/** One whole turn: question and finished answer. */
export async function playTurn(bench: RunBench, wishes: Partial<ClaimWishes> & { answer?: string } = {}): Promise<Run> {
  const run = await startRun(bench, wishes);
  await bench.runs.finish(outcomeOf(run, { content: wishes.answer ?? 'the answer' }));
  return (await bench.runs.find(run.id))!;
}

/** The code with which a store refuses, or what it did instead. */
export const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: { code?: string }) => error.code ?? error,
  );
