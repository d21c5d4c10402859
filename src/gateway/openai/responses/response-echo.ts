import type { FunctionTool, ResponseFields } from './response-fields.js';

/** What a response says of its request; every field is there, null where nothing was asked. */
export interface ResponseEcho extends Record<string, unknown> {
  previous_response_id: string | null;
  store: boolean;
  background: boolean;
  tools: readonly object[];
}

/** The request as its response repeats it (ResponseResource of the Open Responses specification). */
export function echoOf(data: ResponseFields, tools: readonly FunctionTool[]): ResponseEcho {
  return {
    previous_response_id: data.previous_response_id ?? null,
    instructions: data.instructions ?? null,
    tools: tools.map(toolEcho),
    tool_choice: choiceEcho(data.tool_choice),
    truncation: data.truncation ?? 'disabled',
    parallel_tool_calls: data.parallel_tool_calls ?? true,
    text: { format: formatEcho(data.text?.format), ...(data.text?.verbosity && { verbosity: data.text.verbosity }) },
    top_p: data.top_p ?? 1,
    presence_penalty: data.presence_penalty ?? 0,
    frequency_penalty: data.frequency_penalty ?? 0,
    top_logprobs: data.top_logprobs ?? 0,
    temperature: data.temperature ?? 1,
    reasoning: { effort: data.reasoning?.effort ?? null, summary: data.reasoning?.summary ?? null },
    max_output_tokens: data.max_output_tokens ?? null,
    max_tool_calls: data.max_tool_calls ?? null,
    store: data.store ?? true,
    background: data.background ?? false,
    service_tier: 'default',
    metadata: data.metadata ?? {},
    safety_identifier: data.safety_identifier ?? null,
    prompt_cache_key: data.prompt_cache_key ?? null,
  };
}

const toolEcho = ({ name, description, parameters, strict }: FunctionTool): object => ({
  type: 'function',
  name,
  description: description ?? null,
  parameters: parameters ?? {},
  strict: strict ?? true,
});

function choiceEcho(choice: ResponseFields['tool_choice']): unknown {
  if (!choice || typeof choice === 'string') return choice ?? 'auto';
  if (choice.type === 'function') return { type: 'function', name: choice.name };
  const tools = choice.tools.flatMap(({ name }) => (name ? [{ type: 'function', name }] : []));
  return { type: 'allowed_tools', mode: choice.mode ?? 'auto', tools };
}

function formatEcho(format: NonNullable<ResponseFields['text']>['format']): object {
  if (!format || format.type !== 'json_schema') return { type: format?.type ?? 'text' };
  const { name, description, schema, strict } = format;
  const words = { name: name ?? 'answer', description: description ?? null };
  return { type: 'json_schema', ...words, schema: schema ?? null, strict: strict ?? false };
}
