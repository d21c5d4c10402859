import type { ModelMessage, ModelTool, ModelToolChoice } from '../common/model-message.js';
import type { AttachmentNote } from './message.js';

/** How an answer is wanted by a caller who says so with the question. */
export interface CallersWishes {
  /** Functions of the caller: a model's calls of them end the run, and the caller makes them. */
  tools?: readonly ModelTool[];
  /** For the first step. */
  toolChoice?: ModelToolChoice;
  /** A JSON Schema that the answer must satisfy. */
  responseSchema?: Record<string, unknown>;
  temperature?: number;
  maxTokens?: number;
}

/** What a user message is beside its text. */
export interface MessageInput {
  /** What a model reads in place of the text: with pictures, results of calls, or several messages. */
  items?: readonly ModelMessage[];
  /**
   * Present where the caller, and not the conversation or the configuration, says how the answer is made; the model gets
   * `instructions` in place of any system prompt.
   */
  wishes?: CallersWishes & { instructions?: string };
  /** What came with the text; what models read of it is among the items. */
  attachments?: readonly AttachmentNote[];
  /** Nothing of it is left. */
  erased?: true;
  /** Kept for the caller as it was; nothing here reads it. */
  echo?: Record<string, unknown>;
}
