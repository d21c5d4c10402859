import type { ModelMessage, ModelToolCall } from '../common/model-message.js';

/** What of a message decides what a model reads of it. */
export interface ViewedMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly items?: readonly ModelMessage[];
  readonly calls?: readonly ModelToolCall[];
}

/** A message as models read it; nothing for an answer that stayed empty. */
export function modelMessagesOf({ role, content, items, calls }: ViewedMessage): readonly ModelMessage[] {
  if (role === 'user') return items ?? [{ role, content }];
  if (calls?.length) return [{ role, content, toolCalls: calls }];
  return content === '' ? [] : [{ role, content }];
}

/** The messages behind what the model is told to do, where it is told anything. */
export const withInstructions = (
  instructions: string | undefined,
  messages: readonly ModelMessage[],
): ModelMessage[] => (instructions ? [{ role: 'system', content: instructions }, ...messages] : [...messages]);

/**
 * The same without calls that have no result, and without results of no call: vendors refuse such conversations, and
 * people go on in them, or their beginning is out of sight.
 */
export function withMatchedCalls(messages: readonly ModelMessage[]): ModelMessage[] {
  const lastResult = new Map(messages.flatMap((one, at) => (one.role === 'tool' ? [[one.callId, at] as const] : [])));
  const called = new Set<string>();
  return messages.flatMap((message, at): ModelMessage[] => {
    if (message.role === 'tool') return called.has(message.callId) ? [message] : [];
    if (message.role !== 'assistant' || !message.toolCalls) return [message];
    const toolCalls = message.toolCalls.filter(({ callId }) => (lastResult.get(callId) ?? -1) > at);
    for (const { callId } of toolCalls) called.add(callId);
    if (toolCalls.length > 0) return [{ ...message, toolCalls }];
    return message.content === '' ? [] : [{ role: 'assistant', content: message.content }];
  });
}
