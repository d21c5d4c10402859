import { z } from 'zod';
import type { ModelMessage } from '../../../common/model-message.js';
import { invalid } from '../request-parts.js';
import { bareId } from './response-id.js';

const query = z.looseObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.literal(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
});

/** What a response was asked: its run's id and what the model read. */
export interface AskedInput {
  runId: string;
  items: readonly ModelMessage[];
}

/** One page of the items that a response was asked. Throws VALIDATION_ERROR. */
export function listItems({ runId, items }: AskedInput, given: Record<string, unknown>): object {
  const { data, error } = query.safeParse(given);
  if (error) throw invalid(error.issues[0]!);
  const all = items.flatMap((message, at) => itemsOf(message, `${bareId(runId)}_in${at}`));
  if (data.order === 'desc') all.reverse();
  const from = data.after ? all.findIndex(({ id }) => id === data.after) + 1 : 0;
  const page = all.slice(from, from + data.limit);
  const ends = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
  return { object: 'list', data: page, ...ends, has_more: from + page.length < all.length };
}

type InputItem = { id: string } & Record<string, unknown>;

/** A message as the items that a client would have sent for it. */
export function itemsOf(message: ModelMessage, id: string): InputItem[] {
  const status = 'completed';
  if (message.role === 'tool')
    return [{ id: `fc_${id}`, type: 'function_call_output', status, call_id: message.callId, output: message.content }];
  const { role, content } = message;
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  const parts: object[] = content ? [{ type, text: content, ...(role === 'assistant' && { annotations: [] }) }] : [];
  if (message.role === 'user')
    parts.push(...(message.images ?? []).map(({ url }) => ({ type: 'input_image', image_url: url, detail: 'auto' })));
  const said = parts.length > 0 ? [{ id: `msg_${id}`, type: 'message', status, role, content: parts }] : [];
  if (message.role !== 'assistant') return said;
  const calls = (message.toolCalls ?? []).map(({ callId, name, arguments: text }, n) => {
    return { id: `fc_${id}_${n}`, type: 'function_call', status, call_id: callId, name, arguments: text };
  });
  return [...said, ...calls];
}
