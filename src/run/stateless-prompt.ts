import type { ModelMessage, ModelTool, ModelToolChoice } from '../ai/chat-model.port.js';

/**
 * What a run answers that belongs to no conversation: everything the model is to know comes from the caller. Kept with
 * the run only while it is being written, so that another node can go on with it.
 */
export interface StatelessPrompt {
  messages: readonly ModelMessage[];
  /** Functions of the caller: a model's calls of them end the run, and the caller makes them. */
  tools?: readonly ModelTool[];
  /** For the first step. */
  toolChoice?: ModelToolChoice;
  /** A JSON Schema that the answer must satisfy. */
  responseSchema?: Record<string, unknown>;
  temperature?: number;
  maxTokens?: number;
}

/** Whether one of these calls is the caller's to make. */
export const hasCallersCall = (prompt: StatelessPrompt | undefined, names: readonly string[]): boolean =>
  prompt?.tools?.some(({ name }) => names.includes(name)) ?? false;
