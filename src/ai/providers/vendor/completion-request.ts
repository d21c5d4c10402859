import type { ModelRequest } from '../../chat-model.port.js';
import type { ModelMessage, ModelTool, ModelToolCall } from '../../../common/model-message.js';

interface VendorToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

type VendorPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

type VendorMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | VendorPart[] }
  | { role: 'assistant'; content: string | null; tool_calls?: VendorToolCall[] }
  | { role: 'tool'; content: string; tool_call_id: string };

interface VendorTool {
  type: 'function';
  function: { name: string; description?: string; parameters: Record<string, unknown> };
}

/** The body of a chat completion, as OpenAI and those who speak its API take it. */
export interface CompletionRequest {
  model: string;
  messages: VendorMessage[];
  stream: true;
  temperature?: number;
  max_completion_tokens?: number;
  tools?: VendorTool[];
  tool_choice?: 'auto' | 'none' | 'required' | { type: 'function'; function: { name: string } };
  response_format?: { type: 'json_schema'; json_schema: { name: string; schema: Record<string, unknown> } };
}

/** These APIs answer an assistant's message instead of going on behind it, unless they are told to. */
const GO_ON =
  'Your last message was cut off. Go on exactly where it ends, even within a word. Repeat nothing of it and add no ' +
  'remark about the interruption.';

/** Our request in the vendors' words. */
export function toCompletionRequest(request: ModelRequest): CompletionRequest {
  const { model, messages, temperature, maxTokens, tools, toolChoice, responseSchema } = request;
  const vendorMessages = messages.map(toVendorMessage);
  if (partialAnswer(request)) vendorMessages.push({ role: 'user', content: GO_ON });
  return {
    model,
    messages: vendorMessages,
    stream: true,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(tools?.length && {
      tools: tools.map(toVendorTool),
      ...(toolChoice && { tool_choice: toVendorChoice(toolChoice) }),
    }),
    ...(responseSchema && {
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: responseSchema } },
    }),
  };
}

/** The text that the answer is to go on behind; empty for a fresh answer. */
export function partialAnswer({ messages }: ModelRequest): string {
  const last = messages.at(-1);
  return last?.role === 'assistant' && !last.toolCalls?.length ? last.content : '';
}

function toVendorMessage(message: ModelMessage): VendorMessage {
  if (message.role === 'tool') return { role: 'tool', content: message.content, tool_call_id: message.callId };
  if (message.role === 'user') return { role: 'user', content: toVendorContent(message) };
  if (message.role === 'system') return { role: 'system', content: message.content };
  if (!message.toolCalls?.length) return { role: 'assistant', content: message.content };
  return { role: 'assistant', content: message.content || null, tool_calls: message.toolCalls.map(toVendorCall) };
}

function toVendorContent({ content, images = [] }: Extract<ModelMessage, { role: 'user' }>): string | VendorPart[] {
  if (images.length === 0) return content;
  const shown = images.map(({ url }) => ({ type: 'image_url' as const, image_url: { url } }));
  return content === '' ? shown : [{ type: 'text', text: content }, ...shown];
}

const toVendorCall = (call: ModelToolCall): VendorToolCall => ({
  id: call.callId,
  type: 'function',
  function: { name: call.name, arguments: call.arguments },
});

const vendorTools = new WeakMap<ModelTool, VendorTool>();

/** The same tool comes with every question of many, and is the same object then. */
function toVendorTool(tool: ModelTool): VendorTool {
  let made = vendorTools.get(tool);
  if (!made) {
    const { name, description, parameters } = tool;
    made = { type: 'function', function: { name, ...(description && { description }), parameters } };
    vendorTools.set(tool, made);
  }
  return made;
}

function toVendorChoice(choice: NonNullable<ModelRequest['toolChoice']>): CompletionRequest['tool_choice'] {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice;
}
