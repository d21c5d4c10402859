import type { ModelToolCall } from '../common/model-message.js';
import type { ConversationSettings } from '../conversation/conversation.js';
import type { ChunkEnd } from '../conversation/message.js';
import type { MessageInput } from '../conversation/message-input.js';
import type { StatelessPrompt } from './stateless-prompt.js';
import type { BusyPolicy, EndedStatus, Run, StoredRunEnd } from './run.js';

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
  /** The tools that may be called, also by whoever goes on with the run; without it all that the user may. */
  tools?: readonly string[];
  conversation: {
    id: string;
    /** True: it is new unless it exists. False: it must exist. Either way one that the user may not see does not. */
    createIfMissing: boolean;
    /** Title of a new one. */
    title: string;
  };
  userMessage: {
    id: string;
    content: string;
    clientMessageId?: string;
    /** What it is beside its text. */
    input?: MessageInput;
    /** The message it follows; null for none, and without it the end of the current branch. */
    parentId?: string | null;
  };
  /** The user message is there already, and gets one more answer; of `userMessage` nothing but the id counts. */
  isRegenerated?: boolean;
  assistantMessageId: string;
  /** `interrupt` also asks everything that runs or waits in the conversation to stop, and is never refused. */
  whenBusy: BusyPolicy;
  limits: RunLimits;
  /** Without one the user may use as much as they like. */
  budget?: TokenBudget;
}

/** A run that belongs to no conversation: nothing of it stays but that it was. */
export interface StatelessClaim {
  runId: string;
  userId: string;
  owner: string;
  holdMs: number;
  requestedModel?: string;
  tools: readonly string[];
  prompt: StatelessPrompt;
  /** Without one the user may use as much as they like. */
  budget?: TokenBudget;
}

/** Beyond these a claim waits, or is refused. Runs that were asked to stop do not count as waiting. */
export interface RunLimits {
  queuedInConversation: number;
  runningOfUser: number;
}

export interface ClaimResult {
  /** False where the message had started a run before: `run` is that one. */
  created: boolean;
  /** `running`, or `queued` where it has to wait. */
  run: Run;
  /** Of a new run that has to wait: 1 for the next in its conversation. */
  position?: number;
  /** The runs that this claim asked to stop. */
  interrupted?: readonly string[];
  /** The tokens that its answer may have, where there is a budget. */
  answerTokens?: number;
  /** What the claim saw of the conversation of a run that begins at once. */
  seen?: SeenBefore;
}

export interface SeenBefore {
  settings: ConversationSettings;
  /** Whether there is nothing above the question. */
  isFirst: boolean;
}

export interface PromotionWish {
  runId: string;
  owner: string;
  holdMs: number;
  runningOfUser: number;
}

/** What came of trying to begin a run that waits. */
export interface Promotion {
  /** `running`: it may begin. `stopped`: it was asked to stop. `lost`: it waits no more, or for another owner. */
  state: 'running' | 'queued' | 'stopped' | 'lost';
  /** 1 for the next in its conversation. */
  position: number;
}

/**
 * A new run that goes on where a dead one stopped: same user message, a sibling of the interrupted answer, the same tools
 * or, once that had effects, none.
 */
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
  /** Chunks that are stored already, to which it is appended; 0 where it replaces what is stored. */
  behind: number;
  content: string;
  chunkEnds: readonly ChunkEnd[];
}

export interface RunOutcome extends Omit<Checkpoint, 'behind'> {
  /** The calls that the answer ended with, for its caller to make. */
  calls?: readonly ModelToolCall[];
  status: EndedStatus;
  end: StoredRunEnd;
}

/** An answer as stored, for resuming after its log has gone. */
export interface StoredAnswer {
  content: string;
  chunkEnds: readonly ChunkEnd[];
  /** The calls that it ended with, for its caller to make. */
  calls?: readonly ModelToolCall[];
}

/**
 * Runs in SQL: the claim, the epoch, the outcome. Guarantees (run-store.contract.ts, on PGlite and PostgreSQL):
 *  1. `claim` writes conversation, both messages and run, or nothing. For one user and clientMessageId there is one
 *     run, ever: the same content again returns it, other content (or conversation) is CONFLICT.
 *     What it writes is the current branch from then on. A user who may only read is FORBIDDEN; a message that it names
 *     and that is not in the conversation is NOT_FOUND. A conversation's model counts where the claim asks for none.
 *  2. A conversation has at most one running run, a user at most `runningOfUser`, not counting continuations. Beyond
 *     them a claim is `queued`; RUN_IN_PROGRESS for `reject`, and where `queuedInConversation` runs wait already.
 *  3. `grant` gives each epoch to one owner only, and none while the present owner's hold lasts.
 *  4. `promote` lets the runs of a conversation begin one after another, in the order of their messages.
 *  5. `checkpoint` and `finish` of a lower epoch, or of a run that has ended, change nothing.
 * Where the database cannot be reached every method rejects with STORE_UNAVAILABLE within 3 s.
 */
export abstract class RunStore {
  abstract claim(claim: RunClaim): Promise<ClaimResult>;
  /** Begins at once. What it was asked is kept until its end, for whoever has to go on with it. */
  abstract claimStateless(claim: StatelessClaim): Promise<ClaimResult>;
  /** Lets a queued run of this owner begin if nothing runs and nothing older waits in its conversation. */
  abstract promote(wish: PromotionWish): Promise<Promotion>;
  /**
   * Undefined where the interrupted run is continued already, or its conversation is busy, went on or is gone. Messages
   * that wait behind the interrupted answer wait behind its continuation then.
   */
  abstract claimContinuation(claim: ContinuationClaim): Promise<Run | undefined>;
  abstract find(runId: string): Promise<Run | undefined>;
  abstract findRunning(conversationId: string): Promise<Run | undefined>;
  /** The run that has waited longest in this conversation, of those not asked to stop. */
  abstract findOldestQueued(conversationId: string): Promise<Run | undefined>;
  abstract findAnswer(runId: string): Promise<StoredAnswer | undefined>;
  /** Makes the stop outlive this process; the log's request is what wakes the owner. */
  abstract requestStop(runId: string): Promise<void>;
  /** Says that a call is about to be made whose repetition could do harm: what continues the run calls nothing. */
  abstract noteEffects(runId: string): Promise<void>;
  /** Extends the holds of this owner's runs that run or wait; returns how many of them still do. */
  abstract hold(owner: string, runIds: readonly string[], holdMs: number): Promise<number>;
  /** Takes over a running or queued run whose hold has lapsed: the new epoch, or undefined where `epoch` is outdated or held. */
  abstract grant(runId: string, epoch: number, owner: string, holdMs: number): Promise<number | undefined>;
  /** Ends all holds at once, for a database that only one process can have open: whoever held them is dead. */
  abstract releaseAllHolds(): Promise<void>;
  /** Running and queued runs whose hold has lapsed, in the order of their ids, from behind `after` on. */
  abstract listAbandoned(limit: number, after?: string): Promise<Run[]>;
  /** Resolves with the runs of which it has been stored: not of those where rule 5 applies, or other chunks are stored. */
  abstract checkpoint(checkpoints: readonly Checkpoint[]): Promise<ReadonlySet<string>>;
  /** Writes the final text and the end of the run in one step. False where rule 5 applies. */
  abstract finish(outcome: RunOutcome): Promise<boolean>;
}
