import type { ChunkEnd } from '../conversation/message.js';
import type { Run, RunStatus, StoredRunEnd } from './run.js';

/** What a run may use of its user's day. */
export interface TokenBudget {
  /** Of the whole day. */
  limitTokens: number;
  /** What goes with every question. */
  promptTokens: number;
  /** The most that the model reads of the conversation, the question included. */
  contextTokens: number;
  /** The longest answer. */
  answerTokens: number;
}

/** Everything that must be on record before the model is called. Ids are the caller's, made by `newRowId`. */
export interface RunClaim {
  runId: string;
  userId: string;
  owner: string;
  /** How long the claim stands unless renewed by `hold`. */
  holdMs: number;
  requestedModel?: string;
  conversation: {
    id: string;
    /** True: it is new unless it exists. False: it must exist. Either way somebody else's is CONVERSATION_NOT_FOUND. */
    createIfMissing: boolean;
    /** Title of a new one. */
    title: string;
  };
  userMessage: { id: string; content: string; clientMessageId?: string };
  assistantMessageId: string;
  /** Without one the user may use as much as they like. */
  budget?: TokenBudget;
}

/** A claim's run: the new one, or the first one of the same message. */
export interface ClaimedRun {
  created: boolean;
  run: Run;
  /** The tokens that its answer may have, where there is a budget. */
  answerTokens?: number;
}

/** A new run that goes on where a dead one stopped: same user message, a sibling of the interrupted answer. */
export interface ContinuationClaim {
  runId: string;
  owner: string;
  holdMs: number;
  interruptedRunId: string;
  assistantMessageId: string;
}

/** The text of a running answer, as it should survive a crash. */
export interface Checkpoint {
  runId: string;
  epoch: number;
  content: string;
  chunkEnds: readonly ChunkEnd[];
}

export interface RunOutcome extends Checkpoint {
  status: Exclude<RunStatus, 'running'>;
  end: StoredRunEnd;
}

/** An answer as stored, for resuming after its log has gone. */
export interface StoredAnswer {
  content: string;
  chunkEnds: readonly ChunkEnd[];
}

/**
 * Runs in SQL: the claim, the epoch, the outcome. Guarantees (run-store.contract.ts, on PGlite and PostgreSQL):
 *  1. `claim` writes conversation, both messages and run, or nothing. For one user and clientMessageId there is one
 *     run, ever: the same content again returns it, other content (or conversation) is CONFLICT.
 *  2. A conversation has at most one running run: RUN_IN_PROGRESS.
 *  3. `grant` gives each epoch to one owner only, and none while the present owner's hold lasts.
 *  4. `checkpoint` and `finish` of a lower epoch, or of a run that has ended, change nothing.
 * Where the database cannot be reached every method rejects with STORE_UNAVAILABLE within 3 s.
 */
export abstract class RunStore {
  abstract claim(claim: RunClaim): Promise<ClaimedRun>;
  /** Undefined where the interrupted run is continued already, or its conversation is busy or gone. */
  abstract claimContinuation(claim: ContinuationClaim): Promise<Run | undefined>;
  abstract find(runId: string): Promise<Run | undefined>;
  abstract findRunning(conversationId: string): Promise<Run | undefined>;
  abstract findAnswer(runId: string): Promise<StoredAnswer | undefined>;
  /** Makes the stop outlive this process; the log's request is what wakes the owner. */
  abstract requestStop(runId: string): Promise<void>;
  /** Extends the holds of running runs of this owner; returns how many of them still are. */
  abstract hold(owner: string, runIds: readonly string[], holdMs: number): Promise<number>;
  /** Takes over a running run whose hold has lapsed: the new epoch, or undefined where `epoch` is outdated or held. */
  abstract grant(runId: string, epoch: number, owner: string, holdMs: number): Promise<number | undefined>;
  /** Ends all holds at once, for a database that only one process can have open: whoever held them is dead. */
  abstract releaseAllHolds(): Promise<void>;
  /** Running runs whose hold has lapsed, in the order of their ids, from behind `after` on. */
  abstract listAbandoned(limit: number, after?: string): Promise<Run[]>;
  abstract checkpoint(checkpoints: readonly Checkpoint[]): Promise<void>;
  /** Writes the final text and the end of the run in one step. False where rule 4 applies. */
  abstract finish(outcome: RunOutcome): Promise<boolean>;
}
