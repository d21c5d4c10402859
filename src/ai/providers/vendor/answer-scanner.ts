import type { ModelPart } from '../../chat-model.port.js';
import { ProviderFailure } from '../../provider-failure.js';
import type { CompletionAnswer } from './completion-answer.js';
import type { CompletionChunk } from './completion-chunk.js';
import { DeltaTemplate } from './delta-template.js';
import { EventLines } from './event-lines.js';

/** Far more than the longest answer of any model, with all that surrounds each token; in UTF-16 units. */
const MAX_TEXT = 64 * 1024 * 1024;

/** Reads an answer from the text of its stream, cut anywhere: plain text by template, anything else by JSON.parse. */
export class AnswerScanner {
  private readonly events = new EventLines();
  private readonly template = new DeltaTemplate();
  private closed = false;
  private length = 0;

  constructor(private readonly answer: CompletionAnswer) {}

  /** Whether the vendor has said `[DONE]`: nothing that counts comes behind it. */
  get done(): boolean {
    return this.closed;
  }

  /**
   * What more text brings, as one batch with texts joined; often nothing. Throws PROVIDER_ERROR where the vendor says
   * that it failed, or does not come to an end, and SyntaxError for what is no JSON.
   */
  take(text: string): ModelPart[] {
    this.length += text.length;
    if (this.length > MAX_TEXT) throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { cause: 'endless answer' });
    const batch: ModelPart[] = [];
    for (const data of this.events.take(text)) {
      if (this.closed) break;
      if (data.startsWith('[DONE]')) this.closed = true;
      else for (const part of this.read(data)) append(batch, part);
    }
    return batch;
  }

  private read(data: string): ModelPart[] {
    const text = this.template.match(data);
    if (text !== undefined) return this.answer.addText(text);
    const chunk = JSON.parse(data) as CompletionChunk | null;
    this.template.learn(data, chunk);
    return this.answer.add(chunk);
  }
}

function append(batch: ModelPart[], part: ModelPart): void {
  const last = batch.at(-1);
  if (part.type === 'text' && last?.type === 'text') last.text += part.text;
  else if (part.type !== 'activity' || last?.type !== 'activity') batch.push(part);
}
