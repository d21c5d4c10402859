import type { StreamChunk, StreamEnd } from './wire.js';

export type Arrival = 'new' | 'known' | 'gap';

/** What a client has of one answer: which frame comes next, and the text so far. Pure bookkeeping. */
export class AnswerProgress {
  /** The last record that is taken into account; resuming goes on behind it. */
  lastSeq = -1;
  text = '';
  private nextIndex = 0;

  /** Adds the chunk where it is the next one; `known` was here before, `gap` means that others were lost. */
  take(chunk: StreamChunk): Arrival {
    if (chunk.index < this.nextIndex) return 'known';
    if (chunk.index > this.nextIndex) return 'gap';
    this.nextIndex += 1;
    this.lastSeq = chunk.seq;
    this.text += chunk.content;
    return 'new';
  }

  /** Whether every chunk before this end is here, or the end brings the whole text itself. */
  isComplete(end: StreamEnd): boolean {
    return end.text !== undefined || end.lastIndex < this.nextIndex;
  }
}
