import { countTokens } from '../../../common/token-count.js';
import type { TokenUsage } from '../../../common/token-usage.js';
import type { ModelFinishReason, ModelPart, ModelRequest } from '../../chat-model.port.js';
import { promptTokensOf } from '../../prompt-tokens.js';
import { ProviderFailure } from '../../provider-failure.js';
import type { CompletionChoice, CompletionChunk, CompletionDelta, VendorUsage } from './completion-chunk.js';
import { partialAnswer } from './completion-request.js';
import { Continuation } from './continuation.js';
import { ToolCallAssembly } from './tool-call-assembly.js';
import { WholeText } from './whole-text.js';

const ACTIVITY: ModelPart = { type: 'activity' };

/** One answer, from the vendor's chunks to our parts. */
export class CompletionAnswer {
  private readonly text = new WholeText();
  private readonly continuation: Continuation;
  private readonly calls = new ToolCallAssembly();
  private counts: VendorUsage | undefined;
  private reason: ModelFinishReason | undefined;
  /** All that the model wrote, shown or not; only counted where the vendor does not. */
  private written = '';

  constructor(private readonly request: ModelRequest) {
    this.continuation = new Continuation(partialAnswer(request));
  }

  /** Whether the model has begun to write. */
  get begun(): boolean {
    return this.written !== '';
  }

  /** Whether the vendor has said that the answer is whole. */
  get finished(): boolean {
    return this.reason !== undefined;
  }

  /** Whether the vendor has said what the answer cost. */
  get counted(): boolean {
    return isCount(this.counts?.prompt_tokens) && isCount(this.counts.completion_tokens);
  }

  /** What the chunk brings; often nothing. Throws PROVIDER_ERROR where the vendor says that it failed. */
  add(chunk: CompletionChunk | null): ModelPart[] {
    const cause = chunk?.error ?? chunk?.x_groq?.error;
    if (cause && !this.finished) throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { cause });
    this.counts = chunk?.usage ?? chunk?.x_groq?.usage ?? this.counts;
    const choice = chunk?.choices?.find?.(isFirst);
    if (!choice || this.finished) return [];
    const parts = choice.delta ? this.addDelta(choice.delta) : [];
    if (choice.finish_reason) parts.push(...this.close(choice.finish_reason));
    return parts;
  }

  /** A chunk that is nothing but this text. */
  addText(text: string): ModelPart[] {
    if (this.finished || text === '') return [];
    this.written += text;
    const shown = this.continuation.take(this.text.take(text));
    return [shown ? { type: 'text', text: shown } : ACTIVITY];
  }

  /** The last parts: usage, then the finish. Throws PROVIDER_ERROR for an answer that just stopped. */
  end(): ModelPart[] {
    if (!this.reason) {
      const message = 'The AI provider broke off in the middle of its answer.';
      throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { message });
    }
    return [
      { type: 'usage', usage: this.usage() },
      { type: 'finish', reason: this.reason },
    ];
  }

  private addDelta(delta: CompletionDelta): ModelPart[] {
    for (const call of delta.tool_calls ?? []) {
      this.calls.add(call);
      this.written += call.function?.arguments ?? '';
    }
    const text = delta.content || delta.refusal;
    if (text) return this.addText(text);
    const works = delta.reasoning || delta.reasoning_content || delta.tool_calls?.length;
    return works ? [ACTIVITY] : [];
  }

  private close(reason: string): ModelPart[] {
    const rest = this.continuation.take(this.text.rest()) + this.continuation.rest();
    const calls = this.calls.complete();
    this.reason = finishOf(reason, calls.length > 0);
    const parts: ModelPart[] = calls.map((call) => ({ type: 'tool-call', call }));
    return rest ? [{ type: 'text', text: rest }, ...parts] : parts;
  }

  private usage(): TokenUsage {
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = this.counts ?? {};
    if (isCount(promptTokens) && isCount(completionTokens)) {
      return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
    }
    const prompt = promptTokensOf(this.request.messages);
    const completion = countTokens(this.written);
    return { promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion, estimated: true };
  }
}

/** We ask for one answer; a server that sends several means the first. */
const isFirst = (choice: CompletionChoice | null): boolean => !!choice && !choice.index;

/** A forced tool ends in `stop` at some vendors; for us a call is a call. */
function finishOf(reason: string, hasCalls: boolean): ModelFinishReason {
  if (reason === 'length' || reason === 'content_filter') return reason;
  return hasCalls || reason === 'tool_calls' || reason === 'function_call' ? 'tool_calls' : 'stop';
}

const isCount = (value: number | undefined): value is number => Number.isInteger(value) && value! >= 0;
