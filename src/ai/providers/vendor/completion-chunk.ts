/** The parts of a streamed chunk that we read. Foreign: any of it may be missing or null. */
export interface CompletionChunk {
  choices?: readonly (CompletionChoice | null)[] | null;
  usage?: VendorUsage | null;
  /** Why the stream was cut. */
  error?: unknown;
  /** Groq's extras: the usage, or why the stream was cut. */
  x_groq?: { usage?: VendorUsage | null; error?: string | null } | null;
}

export interface CompletionChoice {
  index?: number | null;
  delta?: CompletionDelta | null;
  finish_reason?: string | null;
}

export interface CompletionDelta {
  content?: string | null;
  refusal?: string | null;
  /** Thoughts of reasoning models, as Groq and as vLLM name them; not shown. */
  reasoning?: string | null;
  reasoning_content?: string | null;
  tool_calls?: readonly ToolCallDelta[] | null;
}

export interface ToolCallDelta {
  index?: number;
  id?: string | null;
  function?: { name?: string | null; arguments?: string | null } | null;
}

export interface VendorUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  total_tokens?: number;
}
