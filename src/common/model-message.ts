/** One message as a model sees it; `tool` carries the result of the call named by `callId`. */
export type ModelMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string; images?: readonly ModelImage[] }
  | { role: 'assistant'; content: string; toolCalls?: readonly ModelToolCall[] }
  | { role: 'tool'; content: string; callId: string };

export interface ModelToolCall {
  callId: string;
  name: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
}

/** A function the model may call; `parameters` is a JSON Schema. */
export interface ModelTool {
  name: string;
  description?: string;
  parameters: Record<string, unknown>;
}

export type ModelToolChoice = 'auto' | 'none' | 'required' | { name: string };

/** A picture beside the text of a user's message: a web address, or its data as a `data:` URL. */
export interface ModelImage {
  url: string;
}
