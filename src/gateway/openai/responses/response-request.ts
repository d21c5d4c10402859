import type { ModelMessage, ModelTool, ModelToolChoice } from '../../../common/model-message.js';
import type { MessageInput } from '../../../conversation/message-input.js';
import { invalid, ownToolOf, toModelTool, typeOf } from '../request-parts.js';
import { toModelMessages } from './input-items.js';
import { echoOf, type ResponseEcho } from './response-echo.js';
import {
  functionTool,
  type FunctionTool,
  type OutputFormat,
  type ResponseFields,
  responseFields,
} from './response-fields.js';

/** A response that is asked for, as far as we act on it. */
export interface ResponseRequest {
  model?: string;
  /** What is new: without the instructions, and without what was said before. */
  items: readonly ModelMessage[];
  wishes: NonNullable<MessageInput['wishes']>;
  /** Talksy's own tools, by name. */
  ownTools: readonly string[];
  previousResponseId?: string;
  conversationId?: string;
  stream: boolean;
  background: boolean;
  store: boolean;
  echo: ResponseEcho;
}

/** Reads a body; `mayBeEmpty` where what was said before is enough. Throws VALIDATION_ERROR that names the field at fault. */
export function parseResponseRequest(body: unknown, { mayBeEmpty = false } = {}): ResponseRequest {
  const { data, error } = responseFields.safeParse(body);
  if (error) throw invalid(error.issues[0]!);
  const { model, previous_response_id: previousResponseId, stream, background, store } = data;
  const conversationId = typeof data.conversation === 'string' ? data.conversation : data.conversation?.id;
  if (background && store === false) refuse('background', 'needs store: an answer that is not kept cannot be fetched');
  if (conversationId && previousResponseId) refuse('conversation', 'cannot be given with previous_response_id');
  const items = toModelMessages(data.input ?? []);
  if (items.length === 0 && !(mayBeEmpty && previousResponseId)) refuse('input', 'must not be empty');
  const tools = functionsOf(data.tools ?? []);
  return {
    ...(model && { model }),
    items,
    wishes: wishesOf(data, tools.map(toModelTool)),
    ownTools: (data.tools ?? []).flatMap((tool) => ownToolOf(tool) ?? []),
    ...(previousResponseId && { previousResponseId }),
    ...(conversationId && { conversationId }),
    stream: stream ?? false,
    background: background ?? false,
    store: store ?? true,
    echo: echoOf(data, tools),
  };
}

/** Tools of unknown types are tolerated: they are the vendor's business, and no vendor is promised. */
function functionsOf(tools: readonly unknown[]): FunctionTool[] {
  return tools.flatMap((tool, at) => {
    if (typeOf(tool) !== 'function') return [];
    const { data, error } = functionTool.safeParse(tool);
    if (error) throw invalid({ ...error.issues[0]!, path: ['tools', at, ...error.issues[0]!.path] });
    return [data];
  });
}

function wishesOf(data: ResponseFields, offered: readonly ModelTool[]): ResponseRequest['wishes'] {
  const { temperature, max_output_tokens: maxTokens, instructions } = data;
  const { tools, choice } = chosen(offered, data.tool_choice);
  const responseSchema = schemaOf(data.text?.format);
  return {
    ...(instructions && { instructions }),
    ...(tools.length > 0 && { tools }),
    ...(choice && { toolChoice: choice }),
    ...(responseSchema && { responseSchema }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof maxTokens === 'number' && { maxTokens }),
  };
}

function chosen(
  tools: readonly ModelTool[],
  choice: ResponseFields['tool_choice'],
): { tools: readonly ModelTool[]; choice?: ModelToolChoice } {
  if (!choice) return { tools };
  if (typeof choice === 'string') return { tools, choice };
  if (choice.type === 'function') return { tools, choice: { name: choice.name } };
  const names = choice.tools.map(({ name }) => name);
  return { tools: tools.filter(({ name }) => names.includes(name)), choice: choice.mode ?? 'auto' };
}

function schemaOf(wanted: OutputFormat | null | undefined): Record<string, unknown> | undefined {
  if (wanted?.type === 'json_object') return { type: 'object' };
  return wanted?.type === 'json_schema' ? (wanted.schema ?? undefined) : undefined;
}

function refuse(field: string, message: string): never {
  throw invalid({ path: [field], message });
}
