import type { TokenUsage } from '../common/token-usage.js';
import type { ErrorSummary } from '../common/errors/talksy-error.js';
import type { FinishReason } from './run-event.js';
import type { StatelessPrompt } from './stateless-prompt.js';

export type EndedStatus = 'completed' | 'cancelled' | 'failed' | 'interrupted';
export type RunStatus = 'queued' | 'running' | EndedStatus;

/** What becomes of a message to a conversation that is being answered. */
export type BusyPolicy = 'queue' | 'reject' | 'interrupt';

/** A run as the database knows it; the log knows what was said. */
export interface Run {
  id: string;
  userId: string;
  status: RunStatus;
  /** Absent for a stateless call. */
  conversationId?: string;
  /** The server's id of the user message. */
  userMessageId?: string;
  /** The client's id of the user message. */
  clientMessageId?: string;
  /** The assistant message that the run writes. */
  messageId?: string;
  /** The model the client asked for. */
  requestedModel?: string;
  /** The tools that it may call; without it all that its user may. */
  tools?: readonly string[];
  /** Of a stateless run, until it ends. */
  prompt?: StatelessPrompt;
  epoch: number;
  owner?: string;
  stopRequested: boolean;
  /** Present where the run had to wait before it could begin. */
  wasQueued?: true;
  /** The interrupted run that this one continues, and the one that continues this. */
  continues?: string;
  continuedBy?: string;
  /** How many runs were interrupted before this one in its chain. */
  recoveries: number;
  end?: StoredRunEnd;
  createdAt: Date;
  endedAt?: Date;
}

/** Whether the run is over; a run that waits or runs is not. */
export const isEnded = (run: Run): boolean => run.status !== 'queued' && run.status !== 'running';

export interface StoredRunEnd {
  finalSeq: number;
  finishReason: FinishReason;
  provider: string;
  model: string;
  usage: TokenUsage;
  error?: ErrorSummary;
}
