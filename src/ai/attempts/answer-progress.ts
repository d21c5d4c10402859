import type { AnswerRequest } from '../answer-part.js';
import type { ModelPart } from '../chat-model.port.js';
import type { ModelMessage } from '../../common/model-message.js';

/** How far an answer has come, over all of its attempts. */
export class AnswerProgress {
  /** What was said, by whomever. */
  text = '';
  /** What the present attempt has given. */
  ofAttempt = { text: false, calls: false };
  private attempts = 0;

  constructor(private readonly original: AnswerRequest) {}

  /** Begins the next attempt: its number. */
  begin(): number {
    this.ofAttempt = { text: false, calls: false };
    return ++this.attempts;
  }

  /** Whether the next words go behind words that stand already. */
  get isContinuing(): boolean {
    return this.text !== '' || partialOf(this.original.messages) !== undefined;
  }

  /** The request as the next attempt gets it: with everything said so far as a partial answer to go on behind. */
  get request(): AnswerRequest {
    return { ...this.original, messages: this.messages };
  }

  get messages(): readonly ModelMessage[] {
    const { messages } = this.original;
    if (this.text === '') return messages;
    const partial = partialOf(messages);
    const before = partial === undefined ? messages : messages.slice(0, -1);
    return [...before, { role: 'assistant', content: (partial ?? '') + this.text }];
  }

  /** Notes what a batch brings, and leaves out signs of mere activity. */
  take(batch: readonly ModelPart[]): readonly ModelPart[] {
    let idle = false;
    for (const part of batch) {
      if (part.type === 'text') {
        this.text += part.text;
        this.ofAttempt.text = true;
      } else if (part.type === 'tool-call') this.ofAttempt.calls = true;
      else if (part.type === 'activity') idle = true;
    }
    return idle ? batch.filter(({ type }) => type !== 'activity') : batch;
  }
}

function partialOf(messages: readonly ModelMessage[]): string | undefined {
  const last = messages.at(-1);
  return last?.role === 'assistant' && !last.toolCalls?.length && last.content !== '' ? last.content : undefined;
}
