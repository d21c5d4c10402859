import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { isTerminal, type RunRecord } from '../../run/run-event.js';
import { readEach } from '../../run/read-each.js';
import type { RunSource } from '../../run/run-source.js';
import type { EventStream } from './event-stream.js';
import { Heartbeats } from './heartbeats.service.js';

/** The frames that one record is; empty for one that this family does not show. */
export interface EventProjection {
  framesOf(record: RunRecord): string;
  /** The frames that tell of an error where the log ended without its last record. */
  errorFrames(error: TalksyError): string;
}

/** Copies a run to an event stream until either ends. A slow reader slows only its own copy. */
@Injectable()
export class EventDelivery {
  constructor(private readonly heartbeats: Heartbeats) {}

  /** Resolves when the stream is over: true where the run's end was delivered. */
  async deliver(stream: EventStream, source: RunSource, afterSeq: number, to: EventProjection): Promise<boolean> {
    const endBeats = this.heartbeats.enlist(() => stream.beat());
    let isWhole = false;
    const send = (record: RunRecord): Promise<void> | undefined => {
      const frames = to.framesOf(record);
      const room = frames ? stream.write(frames) : undefined;
      isWhole ||= isTerminal(record);
      return isWhole ? undefined : room;
    };
    try {
      await readEach(source.follow(afterSeq, stream.gone), send);
      if (!isWhole && !stream.gone.aborted) await stream.write(to.errorFrames(cut()));
    } finally {
      endBeats();
      stream.end();
    }
    return isWhole;
  }
}

const cut = (): TalksyError => new TalksyError('STORE_UNAVAILABLE', 'The stream was cut.', { retryAfterMs: 500 });
