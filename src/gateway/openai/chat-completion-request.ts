import { z } from 'zod';
import type { ModelMessage, ModelTool, ModelToolChoice } from '../../common/model-message.js';
import type { StatelessPrompt } from '../../run/stateless-prompt.js';
import { imageUrl } from '../delivery/attachment-schema.js';
import { functionParts, invalid, ownToolOf, text, toModelTool, typeOf } from './request-parts.js';

const textPart = z.looseObject({ type: z.literal(['text', 'input_text', 'output_text', 'refusal']), text });
const imagePart = z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: imageUrl }) });
const joined = (parts: readonly { text: string }[]): string => parts.map((part) => part.text).join('');
const content = z.union([text, z.array(textPart).transform(joined)], {
  error: 'must be a text or a list of text parts',
});
const userContent = z.union([text, z.array(z.discriminatedUnion('type', [textPart, imagePart]))]);
const toolCall = z.looseObject({ id: text, function: z.looseObject({ name: text, arguments: text }) });

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal(['system', 'developer']), content }),
  z.looseObject({ role: z.literal('user'), content: userContent }),
  z.looseObject({ role: z.literal('assistant'), content: content.nullish(), tool_calls: z.array(toolCall).nullish() }),
  z.looseObject({ role: z.literal('tool'), content, tool_call_id: text }),
]);

const functionTool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject(functionParts),
});
const namedChoice = z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: text }) });

/** What of a chat completion request is read; the rest is tolerated, as clients send what their vendor knows. */
export const chatCompletionFields = z.looseObject({
  model: z.string().min(1).max(128),
  messages: z.array(message).min(1).max(2000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.literal(1, 'must be 1: one answer for each request').nullish(),
  tools: z.array(z.unknown()).max(128).nullish(),
  tool_choice: z.union([z.literal(['auto', 'none', 'required']), namedChoice]).nullish(),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    })
    .nullish(),
});

/** A chat completion, as far as we act on it. */
export interface ChatCompletionRequest {
  model: string;
  prompt: StatelessPrompt;
  /** Names of tools that are Talksy's own: `{"type": "talksy", "name": "calculator"}`. */
  ownTools: readonly string[];
  stream: boolean;
  includeUsage: boolean;
}

/** Reads a body. Throws VALIDATION_ERROR that names the field at fault. */
export function parseChatCompletion(body: unknown): ChatCompletionRequest {
  const { data, error } = chatCompletionFields.safeParse(body);
  if (error) throw invalid(error.issues[0]!);
  const maxTokens = data.max_completion_tokens ?? data.max_tokens;
  const tools = toolsOf(data.tools ?? []);
  const responseSchema = data.response_format?.json_schema?.schema;
  return {
    model: data.model,
    ownTools: tools.own,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    prompt: {
      messages: data.messages.map(toModelMessage),
      ...(tools.callers.length > 0 && { tools: tools.callers }),
      ...(data.tool_choice && { toolChoice: choiceOf(data.tool_choice) }),
      ...(responseSchema && { responseSchema }),
      ...(typeof data.temperature === 'number' && { temperature: data.temperature }),
      ...(typeof maxTokens === 'number' && { maxTokens }),
    },
  };
}

/** Tools of unknown types are tolerated: they are the vendor's business, and no vendor is promised. */
function toolsOf(tools: readonly unknown[]): { callers: ModelTool[]; own: string[] } {
  const callers: ModelTool[] = [];
  const own: string[] = [];
  for (const [i, tool] of tools.entries()) {
    const name = ownToolOf(tool);
    if (name !== undefined) own.push(name);
    if (typeOf(tool) !== 'function') continue;
    const { data, error } = functionTool.safeParse(tool);
    if (error) throw invalid({ ...error.issues[0]!, path: ['tools', i, ...error.issues[0]!.path] });
    callers.push(toModelTool(data.function));
  }
  return { callers, own };
}

const choiceOf = (choice: 'auto' | 'none' | 'required' | z.infer<typeof namedChoice>): ModelToolChoice =>
  typeof choice === 'string' ? choice : { name: choice.function.name };

function toModelMessage(given: z.infer<typeof message>): ModelMessage {
  if (given.role === 'tool') return { role: 'tool', content: given.content, callId: given.tool_call_id };
  if (given.role === 'user') return toUserMessage(given.content);
  if (given.role !== 'assistant') return { role: 'system', content: given.content };
  const toolCalls = given.tool_calls?.map(({ id, function: call }) => ({
    callId: id,
    name: call.name,
    arguments: call.arguments,
  }));
  return { role: 'assistant', content: given.content ?? '', ...(toolCalls?.length && { toolCalls }) };
}

function toUserMessage(given: z.infer<typeof userContent>): ModelMessage {
  if (typeof given === 'string') return { role: 'user', content: given };
  const images = given.flatMap((part) => (part.type === 'image_url' ? [{ url: part.image_url.url }] : []));
  const said = joined(given.flatMap((part) => (part.type === 'image_url' ? [] : [part])));
  return { role: 'user', content: said, ...(images.length > 0 && { images }) };
}
