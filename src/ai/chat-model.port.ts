import type { ModelMessage, ModelTool, ModelToolCall, ModelToolChoice } from '../common/model-message.js';
import type { TokenUsage } from '../common/token-usage.js';

/**
 * One answer of one model. Where the last message is an assistant's, the model is asked to go on behind it and to
 * repeat nothing of it.
 */
export interface ModelRequest {
  model: string;
  messages: readonly ModelMessage[];
  temperature?: number;
  maxTokens?: number;
  tools?: readonly ModelTool[];
  toolChoice?: ModelToolChoice;
  /** A JSON Schema that the answer must satisfy. */
  responseSchema?: Record<string, unknown>;
  /** Names the request in logs, here and at the vendor. */
  requestId: string;
}

export type ModelFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export type ModelPart =
  | { type: 'text'; text: string }
  | { type: 'tool-call'; call: ModelToolCall }
  | { type: 'usage'; usage: TokenUsage }
  /** Nothing to show, but the model is at work (it reasons, or writes a call's arguments): keeps the timeouts quiet. */
  | { type: 'activity' }
  | { type: 'finish'; reason: ModelFinishReason };

/**
 * A provider of chat models. Knows nothing of runs, sockets or storage. Guarantees (chat-model.contract.ts):
 *  1. `stream` yields batches of parts in order, a batch being what arrived together; never an empty batch.
 *  2. A whole answer has exactly one `finish`; nothing but `usage` comes behind it.
 *  3. Joined texts are well-formed: no part ends in half of a surrogate pair, no byte is lost at a packet border.
 *  4. When `signal` aborts, the iteration rejects at once and the connection to the vendor is closed.
 *  5. Every failure is a TalksyError PROVIDER_* whose message holds nothing of the vendor's text or key.
 */
export abstract class ChatModel {
  /** As clients see it in `provider`. */
  abstract readonly name: string;
  /** The model used where the request names none. */
  abstract readonly defaultModel: string;
  abstract stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]>;
}
