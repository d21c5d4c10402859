import { z } from 'zod';
import { functionParts, text } from '../request-parts.js';

const id = z.string().min(1).max(200);
/** A function that the caller offers. */
export const functionTool = z.looseObject({
  type: z.literal('function'),
  ...functionParts,
  strict: z.boolean().nullish(),
});
const toolChoice = z.union([
  z.literal(['auto', 'none', 'required']),
  z.looseObject({ type: z.literal('function'), name: text }),
  z.looseObject({
    type: z.literal('allowed_tools'),
    mode: z.literal(['auto', 'none', 'required']).nullish(),
    tools: z
      .array(z.looseObject({ type: z.string(), name: text.nullish() }))
      .min(1)
      .max(128),
  }),
]);
const format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string().nullish(),
    description: z.string().nullish(),
    schema: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
]);
const metadata = z.record(z.string().max(64), z.string().max(512)).refine((pairs) => Object.keys(pairs).length <= 16, {
  message: 'may have at most 16 pairs',
});

/** What of a request is read; the rest is tolerated, as clients send what their vendor knows. */
export const responseFields = z.looseObject({
  model: z.string().min(1).max(128).nullish(),
  input: z.union([z.string(), z.array(z.unknown()).max(2000)]).nullish(),
  instructions: text.nullish(),
  previous_response_id: id.nullish(),
  conversation: z.union([id, z.looseObject({ id })]).nullish(),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  store: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  tools: z.array(z.unknown()).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  text: z.looseObject({ format: format.nullish(), verbosity: z.string().nullish() }).nullish(),
  truncation: z.literal(['auto', 'disabled']).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
  metadata: metadata.nullish(),
  safety_identifier: z.string().max(64).nullish(),
  prompt_cache_key: z.string().max(64).nullish(),
});

/** A request's fields, read. */
export type ResponseFields = z.infer<typeof responseFields>;
export type FunctionTool = z.infer<typeof functionTool>;
export type OutputFormat = z.infer<typeof format>;
