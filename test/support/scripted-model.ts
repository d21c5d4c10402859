import { ChatModel, type ModelPart, type ModelRequest } from '../../src/ai/chat-model.port.js';

const USAGE = { promptTokens: 3, completionTokens: 5, totalTokens: 8 };

/** A model that says what the test tells it, when the test tells it. */
export class ScriptedModel extends ChatModel {
  override readonly name = 'scripted';
  override readonly defaultModel = 'scripted-1';
  readonly requests: ModelRequest[] = [];
  private queue: (readonly ModelPart[] | Error)[] = [];
  private wake: (() => void) | undefined;

  say(...texts: string[]): void {
    this.push(texts.map((text) => ({ type: 'text', text })));
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
