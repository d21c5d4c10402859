import { newSecretId } from '../../../common/ids.js';
import type { ModelToolCall } from '../../../common/model-message.js';
import type { ToolCallDelta } from './completion-chunk.js';

/** Puts tool calls together that arrive in pieces, each piece naming its call by index. */
export class ToolCallAssembly {
  private readonly calls = new Map<number, ModelToolCall>();

  add({ index, id, function: fn }: ToolCallDelta): void {
    const call = this.callAt(index ?? this.impliedIndex(id));
    if (id) call.callId = id;
    if (fn?.name) call.name ||= fn.name;
    call.arguments += fn?.arguments ?? '';
  }

  /** The calls in order. A call without arguments gets an empty object, one without an id a new one. */
  complete(): ModelToolCall[] {
    return [...this.calls]
      .sort(([a], [b]) => a - b)
      .map(([, call]) => ({
        ...call,
        callId: call.callId || `call_${newSecretId()}`,
        arguments: call.arguments || '{}',
      }));
  }

  private callAt(index: number): ModelToolCall {
    const call = this.calls.get(index) ?? { callId: '', name: '', arguments: '' };
    this.calls.set(index, call);
    return call;
  }

  /** Some servers send no index: an id then begins a call, and what has none belongs to the last. */
  private impliedIndex(id: string | null | undefined): number {
    return id ? this.calls.size : Math.max(0, this.calls.size - 1);
  }
}
