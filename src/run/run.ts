import type { TokenUsage } from '../common/token-usage.js';
import type { ErrorSummary } from '../common/errors/talksy-error.js';
import type { FinishReason } from './run-event.js';

export type RunStatus = 'running' | 'completed' | 'cancelled' | 'failed' | 'interrupted';

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
  epoch: number;
  owner?: string;
  stopRequested: boolean;
  /** The interrupted run that this one continues, and the one that continues this. */
  continues?: string;
  continuedBy?: string;
  /** How many runs were interrupted before this one in its chain. */
  recoveries: number;
  end?: StoredRunEnd;
  createdAt: Date;
}

export interface StoredRunEnd {
  finalSeq: number;
  finishReason: FinishReason;
  provider: string;
  model: string;
  usage: TokenUsage;
  error?: ErrorSummary;
}
