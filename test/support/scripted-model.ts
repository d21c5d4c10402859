import { ChatModel, type ModelPart, type ModelRequest } from '../../src/ai/chat-model.port.js';

const USAGE = { promptTokens: 3, completionTokens: 5, totalTokens: 8 };

/** A model that says what the test tells it, when the test tells it. */
export class ScriptedModel extends ChatModel {
  override readonly name = 'scripted';
  override readonly defaultModel = 'scripted-1';
  readonly requests: ModelRequest[] = [];
  private queue: (readonly ModelPart[] | Error)[] = [];
  private called = 0;
  private wake: (() => void) | undefined;

  say(...texts: string[]): void {
    this.push(texts.map((text) => ({ type: 'text', text })));
  }

  /** Calls tools, all at once, and ends its answer so: name and JSON text of each. */
  call(...calls: [name: string, parameters: string, callId?: string][]): void {
    const parts = calls.map(([name, text, callId = `call_${++this.called}`]): ModelPart => {
      return { type: 'tool-call', call: { callId, name, arguments: text } };
    });
    this.push([...parts, { type: 'finish', reason: 'tool_calls' }, { type: 'usage', usage: USAGE }]);
  }

  finish(): void {
    this.push([
      { type: 'finish', reason: 'stop' },
      { type: 'usage', usage: USAGE },
    ]);
  }

  fail(error: Error): void {
    this.push(error);
  }

  override async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    this.requests.push(request);
    signal.addEventListener('abort', () => this.wake?.(), { once: true });
    for (;;) {
      signal.throwIfAborted();
      const next = this.queue.shift();
      if (next instanceof Error) throw next;
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.wake = resolve));
      if (next?.some((part) => part.type === 'finish')) return;
    }
  }

  private push(step: readonly ModelPart[] | Error): void {
    this.queue.push(step);
    this.wake?.();
  }
}
