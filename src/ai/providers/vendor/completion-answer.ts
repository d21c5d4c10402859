import { TalksyError } from '../../../common/errors/talksy-error.js';
import { estimateTokens } from '../../../common/token-estimate.js';
import type { TokenUsage } from '../../../common/token-usage.js';
import type { ModelFinishReason, ModelPart, ModelRequest } from '../../chat-model.port.js';
import type { CompletionChunk, CompletionDelta, VendorUsage } from './completion-chunk.js';
import { partialAnswer } from './completion-request.js';
import { Continuation } from './continuation.js';
import { ToolCallAssembly } from './tool-call-assembly.js';
import { WholeText } from './whole-text.js';

/** One answer, from the vendor's chunks to our parts. */
export class CompletionAnswer {
  private readonly text = new WholeText();
  private readonly continuation: Continuation;
  private readonly calls = new ToolCallAssembly();
  private counted: VendorUsage | undefined;
  private reason: ModelFinishReason | undefined;
  private estimatedTokens = 0;

  constructor(private readonly request: ModelRequest) {
    this.continuation = new Continuation(partialAnswer(request));
  }

  /** Whether the vendor has said that the answer is whole. */
  get finished(): boolean {
    return this.reason !== undefined;
  }

  /** What the chunk brings; often nothing. Throws PROVIDER_ERROR where the vendor says that it failed. */
  add(chunk: CompletionChunk | null): ModelPart[] {
    if (chunk?.x_groq?.error) throw new TalksyError('PROVIDER_ERROR', undefined, { cause: chunk.x_groq.error });
    this.counted = chunk?.usage ?? chunk?.x_groq?.usage ?? this.counted;
    const choice = chunk?.choices?.[0];
    if (!choice || this.finished) return [];
    const parts = choice.delta ? this.addDelta(choice.delta) : [];
    if (choice.finish_reason) parts.push(...this.close(choice.finish_reason));
    return parts;
  }

  /** The last parts: usage, then the finish. Throws PROVIDER_ERROR for an answer that just stopped. */
  end(): ModelPart[] {
    if (!this.reason) throw new TalksyError('PROVIDER_ERROR', 'The AI provider broke off in the middle of its answer.');
    return [
      { type: 'usage', usage: this.usage() },
      { type: 'finish', reason: this.reason },
    ];
  }

  private addDelta(delta: CompletionDelta): ModelPart[] {
    for (const call of delta.tool_calls ?? []) {
      this.calls.add(call);
      this.estimatedTokens += estimateTokens(call.function?.arguments ?? '');
    }
    const text = delta.content || delta.refusal || '';
    this.estimatedTokens += estimateTokens(text);
    const shown = text && this.continuation.take(this.text.take(text));
    if (shown) return [{ type: 'text', text: shown }];
    const works = text || delta.reasoning || delta.reasoning_content || delta.tool_calls?.length;
    return works ? [{ type: 'activity' }] : [];
  }

  private close(reason: string): ModelPart[] {
    const rest = this.continuation.take(this.text.rest()) + this.continuation.rest();
    const calls = this.calls.complete();
    this.reason = finishOf(reason, calls.length > 0);
    const parts: ModelPart[] = calls.map((call) => ({ type: 'tool-call', call }));
    return rest ? [{ type: 'text', text: rest }, ...parts] : parts;
  }

  private usage(): TokenUsage {
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = this.counted ?? {};
    if (isCount(promptTokens) && isCount(completionTokens)) {
      return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
    }
    const prompt = this.request.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0);
    const completion = Math.ceil(this.estimatedTokens);
    return { promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion, estimated: true };
  }
}

/** A forced tool ends in `stop` at some vendors; for us a call is a call. */
function finishOf(reason: string, hasCalls: boolean): ModelFinishReason {
  if (reason === 'length' || reason === 'content_filter') return reason;
  return hasCalls || reason === 'tool_calls' || reason === 'function_call' ? 'tool_calls' : 'stop';
}

const isCount = (value: number | undefined): value is number => Number.isInteger(value) && value! >= 0;
