import type { Response } from 'express';
import { writeWhole } from '../http/whole-chunk.js';
import { goneSignal } from './gone-signal.js';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache',
  // nginx collects answers otherwise.
  'X-Accel-Buffering': 'no',
} as const;

/**
 * A response as a stream of server-sent events (HTML Living Standard, section 9.2). Each event is one write: some
 * parsers lose an event whose blank line comes later. Says when to pause, for Node would buffer without bound.
 */
export class EventStream {
  /** Aborts when the connection ends, whoever ended it. */
  readonly gone: AbortSignal;

  /** Sends the headers: from here on errors can only be told as events. */
  constructor(private readonly response: Response) {
    this.gone = goneSignal(response);
    response.status(200).set(HEADERS).flushHeaders();
  }

  /** Writes whole frames; undefined while there is room, else resolves when there is again or the connection is gone. */
  write(frames: string): Promise<void> | undefined {
    const { response } = this;
    if (this.gone.aborted || writeWhole(response, frames) || response.write(frames)) return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        response.off('drain', goOn);
        this.gone.removeEventListener('abort', goOn);
        resolve();
      };
      response.on('drain', goOn);
      this.gone.addEventListener('abort', goOn, { once: true });
    });
  }

  /** A line that readers ignore. */
  beat(): void {
    if (!this.gone.aborted) this.response.write(':\n\n');
  }

  end(): void {
    if (!this.gone.aborted) this.response.end();
  }
}

/** The frame of an event that has data only. */
export const dataFrame = (data: string): string => `data: ${data}\n\n`;
