import { z } from 'zod';
import type { ModelMessage } from '../../../common/model-message.js';
import { inlined } from '../../../run/attachments.js';
import { textOfDataUrl } from '../../delivery/data-url.js';
import { imageUrl } from '../../delivery/attachment-schema.js';
import { functionName, invalid, text } from '../request-parts.js';
import { summaryOf } from './compaction-item.js';

const textPart = z.looseObject({ type: z.literal(['input_text', 'output_text', 'text']), text });
const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: text });
const imagePart = z.looseObject({ type: z.literal('input_image'), image_url: imageUrl });
const filePart = z.looseObject({
  type: z.literal('input_file'),
  filename: text.nullish(),
  file_data: z.string('must hold the file: files by id or address are not supported'),
});
const part = z.discriminatedUnion('type', [textPart, refusalPart, imagePart, filePart]);
const content = z.union([text, z.array(part).max(1000)]);

const message = z.looseObject({
  type: z.literal('message').nullish(),
  role: z.literal(['user', 'assistant', 'system', 'developer']),
  content,
});
const callId = z.string().min(1).max(64);
const call = z.looseObject({ type: z.literal('function_call'), call_id: callId, name: functionName, arguments: text });
const output = z.looseObject({ type: z.literal('function_call_output'), call_id: callId, output: content });
const compaction = z.looseObject({ type: z.literal('compaction'), encrypted_content: z.string() });
/** Thoughts of another model: nobody here can go on with them. */
const reasoning = z.looseObject({ type: z.literal('reasoning') });

const item = z.discriminatedUnion('type', [message, call, output, compaction, reasoning]);

type Content = z.infer<typeof content>;
type Item = z.infer<typeof item>;

/** Input of a response as models read it. Throws VALIDATION_ERROR that names the item and the field at fault. */
export function toModelMessages(input: string | readonly unknown[]): ModelMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: text.parse(input) }];
  const messages: ModelMessage[] = [];
  for (const [at, given] of input.entries()) {
    const { data, error } = item.safeParse(given);
    if (error) throw invalid({ ...error.issues[0]!, path: ['input', at, ...error.issues[0]!.path] });
    add(messages, data, at);
  }
  return messages;
}

function add(messages: ModelMessage[], given: Item, at: number): void {
  if (given.type === 'reasoning') return;
  if (given.type === 'function_call') return addCall(messages, given);
  if (given.type === 'compaction') {
    const summary = summaryOf(given.encrypted_content);
    if (summary === undefined) throw invalid({ path: ['input', at, 'encrypted_content'], message: 'is none of ours' });
    messages.push({ role: 'system', content: summary });
  } else if (given.type === 'function_call_output') {
    messages.push({ role: 'tool', callId: given.call_id, content: textOf(given.output, at) });
  } else {
    const role = given.role === 'developer' ? 'system' : given.role;
    const images = role === 'user' ? imagesOf(given.content) : [];
    messages.push({ role, content: textOf(given.content, at), ...(images.length > 0 && { images }) } as ModelMessage);
  }
}

/** Calls that were made at once are one message, also with the text before them: vendors want it so. */
function addCall(messages: ModelMessage[], given: z.infer<typeof call>): void {
  const toolCall = { callId: given.call_id, name: given.name, arguments: given.arguments };
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return void messages.push({ role: 'assistant', content: '', toolCalls: [toolCall] });
  messages[messages.length - 1] = { ...last, toolCalls: [...(last.toolCalls ?? []), toolCall] };
}

function textOf(given: Content, at: number): string {
  if (typeof given === 'string') return given;
  return given
    .map((one) => {
      if (one.type === 'input_image') return '';
      if (one.type === 'refusal') return one.refusal;
      if (one.type !== 'input_file') return one.text;
      const file = textOfDataUrl(one.file_data);
      if (file === undefined) throw invalid({ path: ['input', at, 'content'], message: 'only text files can be read' });
      return inlined(one.filename ?? 'file', file);
    })
    .join('');
}

const imagesOf = (given: Content) =>
  typeof given === 'string' ? [] : given.flatMap((one) => (one.type === 'input_image' ? [{ url: one.image_url }] : []));
