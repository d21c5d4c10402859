/** What a run has to answer. */
export interface Turn {
  runId: string;
  /** The user message at the end of the conversation's branch that the model sees. */
  userMessageId: string;
  /** The model the client asked for. */
  requestedModel?: string;
  /** The part of the answer that stands already, from an interrupted run; usually empty. */
  prior: string;
}
