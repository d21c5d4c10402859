import type { ModelFinishReason } from '../ai/chat-model.port.js';
import type { ErrorSummary } from '../common/errors/talksy-error.js';
import type { TokenUsage } from '../common/token-usage.js';
import type { TraceParent } from '../observability/tracing.js';
import type { ToolResult } from '../tools/tool-result.js';

export type FinishReason = ModelFinishReason | 'cancelled' | 'interrupted' | 'error';

/** How a run ended; the data of every terminal record. */
export interface RunEnd {
  finishReason: FinishReason;
  /** Index of the last chunk, -1 where the answer has none. */
  lastIndex: number;
  usage: TokenUsage;
  provider: string;
  model: string;
  error?: ErrorSummary;
  /** Where it must replace what was shown. */
  text?: string;
  /** The run that goes on with this interrupted answer. */
  continuedBy?: string;
}

/** Whose run it is, and what it answers. */
export interface RunIdentity {
  userId: string;
  conversationId?: string;
  /** The assistant message that the run writes. */
  messageId?: string;
  /** The client's id of the user message, or the server's where it gave none. */
  userMessageId?: string;
  /** The interrupted run that this one continues. */
  continues?: string;
  /** The tools that may be offered, where the client did not leave that open. */
  tools?: readonly string[];
  /** Where its trace goes on, for a node that takes it over. */
  trace?: TraceParent;
  /** When it began, or began to wait. */
  startedAt: string;
}

/** What each type of record carries. Readers ignore types they do not know. */
export interface RunEventData {
  /** The first record of a run that has to wait; `run.started` follows when it begins. `position` is 1 for the next. */
  'run.queued': RunIdentity & { position: number };
  'run.started': RunIdentity;
  'attempt.started': {
    /** 1 for the first attempt of the run. */
    n: number;
    provider: string;
    model: string;
    /** UTF-16 units of the answer that stood before this attempt. */
    fromOffset: number;
    mode: 'fresh' | 'continue';
    /** What the model is given to read, as we count it: the usage of a run that ends before the vendor counts. */
    promptTokens: number;
  };
  'text.delta': { text: string; index: number; offset: number };
  /** A model's wish; `arguments` is JSON text, as the model wrote it. */
  'tool.called': { callId: string; toolName: string; arguments: string };
  /** A person must decide about the call, at the latest at `expiresAt` (ISO 8601). */
  'tool.approval_requested': { callId: string; toolName: string; arguments: string; expiresAt: string };
  'tool.approved': { callId: string };
  'tool.denied': { callId: string; reason: string };
  'tool.returned': { callId: string; toolName: string; result: ToolResult; executionTimeMs: number };
  usage: TokenUsage;
  'run.completed': RunEnd;
  'run.cancelled': RunEnd;
  'run.failed': RunEnd;
}

export type RunEventType = keyof RunEventData;
export type TerminalType = 'run.completed' | 'run.cancelled' | 'run.failed';

/** What happened, before the log gives it a place. */
export type RunEvent = { [T in RunEventType]: { type: T; data: RunEventData[T] } }[RunEventType];

/** `seq` counts 0, 1, 2, … without a gap: who holds 41 and sees 43 has lost 42. `epoch` is the owner's term. */
export type RunRecord = RunEvent & { readonly seq: number; readonly epoch: number };
export type RecordOf<T extends RunEventType> = Extract<RunRecord, { type: T }>;
/** The first record of a log: it says whose run it is. */
export type FirstRecord = RecordOf<'run.queued' | 'run.started'>;
export type TerminalRecord = RecordOf<TerminalType>;

/** Whether this record says whose run it is. */
export const isIdentity = (record: RunRecord): record is FirstRecord =>
  record.type === 'run.started' || record.type === 'run.queued';

/** Whether this record ends its log. */
export const isTerminal = (record: RunRecord): record is TerminalRecord =>
  record.type === 'run.completed' || record.type === 'run.cancelled' || record.type === 'run.failed';
