import { countTokens } from '../common/token-count.js';
import type { ModelMessage } from '../common/model-message.js';

/** What the messages cost to read, as we count it: texts and the calls of tools, without what a vendor wraps around. */
export const promptTokensOf = (messages: readonly ModelMessage[]): number =>
  messages.reduce((sum, message) => sum + countTokens(message.content) + callTokens(message), 0);

function callTokens(message: ModelMessage): number {
  if (message.role !== 'assistant') return 0;
  return (message.toolCalls ?? []).reduce((sum, call) => sum + countTokens(call.name + call.arguments), 0);
}
