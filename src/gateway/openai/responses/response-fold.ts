import type { ModelMessage, ModelToolCall } from '../../../common/model-message.js';
import type { TokenUsage } from '../../../common/token-usage.js';
import { isTerminal, type RecordOf, type RunRecord, type TerminalRecord } from '../../../run/run-event.js';
import { toOpenAiError } from '../openai-error.js';
import { bareId } from './response-id.js';

/** What a response has in common in all its events. */
export interface ResponseHead {
  runId: string;
  model: string;
  /** Seconds since the epoch. */
  createdAt: number;
  /** Of a run that has ended; else the time at which its end is read is told. */
  endedAt?: number;
  conversationId?: string;
  /** Functions of the caller: calls of other tools are not the caller's business. */
  callersTools: ReadonlySet<string>;
  /** What the response says of its request. */
  echo: object;
}

/** An event without its number. */
export interface ResponseEvent {
  type: string;
  [field: string]: unknown;
}

type OutputItem = Record<string, unknown>;
type Status = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'cancelled' | 'failed';

interface OpenMessage {
  id: string;
  index: number;
  text: string;
}

const NOTHING: readonly ResponseEvent[] = [];

/**
 * A run's log as a response and its events (Open Responses specification, 2026-04-24). A fold from the first record: who
 * folds the same log gets the same events, so their numbers name places in it.
 */
export class ResponseFold {
  private status: Status = 'queued';
  private readonly output: OutputItem[] = [];
  private message: OpenMessage | undefined;
  private end: TerminalRecord['data'] | undefined;
  private endedAt: number | null = null;
  private hasBegun = false;
  private said = '';
  private readonly calls: ModelToolCall[] = [];

  constructor(
    private readonly head: ResponseHead,
    /** Seconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /** The events that this record is. */
  apply(record: RunRecord): readonly ResponseEvent[] {
    if (record.type === 'text.delta') return this.delta(record.data.text);
    if (record.type === 'run.queued') return this.begin();
    if (record.type === 'run.started') return this.start();
    if (record.type === 'tool.called') return this.call(record.data);
    return isTerminal(record) ? this.finish(record.data) : NOTHING;
  }

  get id(): string {
    return `resp_${bareId(this.head.runId)}`;
  }

  /** What the model has said and called, as the next question goes on with it. */
  answer(): ModelMessage {
    const calls = this.calls.length > 0 && { toolCalls: this.calls };
    return { role: 'assistant', content: this.said, ...calls };
  }

  /** The response as it is now. */
  snapshot(): object {
    const { createdAt, model, conversationId, echo } = this.head;
    const { error, finishReason } = this.end ?? {};
    const isCut = finishReason === 'length' || finishReason === 'content_filter';
    return {
      id: this.id,
      object: 'response',
      created_at: createdAt,
      completed_at: this.endedAt,
      status: this.status,
      incomplete_details: isCut ? { reason: finishReason === 'length' ? 'max_output_tokens' : 'content_filter' } : null,
      model,
      output: this.message ? [...this.output, this.itemOf(this.message, 'in_progress')] : [...this.output],
      error: error ? errorOf(error) : null,
      usage: this.end ? usageOf(this.end.usage) : null,
      ...echo,
      ...(conversationId && { conversation: { id: conversationId } }),
    };
  }

  private begin(): ResponseEvent[] {
    this.hasBegun = true;
    return [{ type: 'response.created', response: this.snapshot() }];
  }

  private start(): ResponseEvent[] {
    this.status = 'in_progress';
    const created = this.hasBegun ? [] : this.begin();
    return [...created, { type: 'response.in_progress', response: this.snapshot() }];
  }

  private delta(text: string): ResponseEvent[] {
    const opened = this.message ? [] : this.open();
    const { id, index } = this.message!;
    this.message!.text += text;
    this.said += text;
    const place = { item_id: id, output_index: index, content_index: 0 };
    return [...opened, { type: 'response.output_text.delta', ...place, delta: text, logprobs: [] }];
  }

  private open(): ResponseEvent[] {
    const index = this.output.length;
    const id = this.idOf('msg', index);
    this.message = { id, index, text: '' };
    const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    return [
      { type: 'response.output_item.added', output_index: index, item },
      { type: 'response.content_part.added', item_id: id, output_index: index, content_index: 0, part: partOf('') },
    ];
  }

  private close(status: 'completed' | 'incomplete'): ResponseEvent[] {
    const { message } = this;
    if (!message) return [];
    this.message = undefined;
    const item = this.itemOf(message, status);
    this.output.push(item);
    const place = { item_id: message.id, output_index: message.index, content_index: 0 };
    return [
      { type: 'response.output_text.done', ...place, text: message.text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: partOf(message.text) },
      { type: 'response.output_item.done', output_index: message.index, item },
    ];
  }

  private call({ callId, toolName, arguments: text }: RecordOf<'tool.called'>['data']): readonly ResponseEvent[] {
    if (!this.head.callersTools.has(toolName)) return NOTHING;
    const closed = this.close('completed');
    const index = this.output.length;
    const id = this.idOf('fc', index);
    const item = { id, type: 'function_call', status: 'completed', call_id: callId, name: toolName, arguments: text };
    this.output.push(item);
    this.calls.push({ callId, name: toolName, arguments: text });
    const place = { item_id: id, output_index: index };
    return [
      ...closed,
      {
        type: 'response.output_item.added',
        output_index: index,
        item: { ...item, status: 'in_progress', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', ...place, delta: text },
      { type: 'response.function_call_arguments.done', ...place, name: toolName, arguments: text },
      { type: 'response.output_item.done', output_index: index, item },
    ];
  }

  private finish(end: TerminalRecord['data']): ResponseEvent[] {
    const status = statusOf(end);
    const closed = this.close(status === 'completed' ? 'completed' : 'incomplete');
    this.end = end;
    this.status = status;
    this.endedAt = this.head.endedAt ?? this.now();
    const type = status === 'cancelled' ? 'incomplete' : status;
    return [...closed, { type: `response.${type}`, response: this.snapshot() }];
  }

  private itemOf({ id, text }: OpenMessage, status: 'in_progress' | 'completed' | 'incomplete'): OutputItem {
    return { id, type: 'message', status, role: 'assistant', content: [partOf(text)] };
  }

  private idOf(kind: 'msg' | 'fc', index: number): string {
    return `${kind}_${bareId(this.head.runId)}_${index}`;
  }
}

const partOf = (text: string): object => ({ type: 'output_text', text, annotations: [], logprobs: [] });

function statusOf({ finishReason }: TerminalRecord['data']): Status {
  if (finishReason === 'length' || finishReason === 'content_filter') return 'incomplete';
  if (finishReason === 'cancelled') return 'cancelled';
  return finishReason === 'error' || finishReason === 'interrupted' ? 'failed' : 'completed';
}

function errorOf(error: NonNullable<TerminalRecord['data']['error']>): object {
  const { code, message } = toOpenAiError({ ...error, requestId: '' }).body.error;
  return { code: code ?? 'server_error', message };
}

/** Tokens as this API counts them. */
export const usageOf = ({ promptTokens, completionTokens, totalTokens }: TokenUsage): object => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: completionTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: totalTokens,
});
