/** What an answer cost, in the tokens of its model. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** True where the vendor did not count and we did. */
  estimated?: boolean;
}
