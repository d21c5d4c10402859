import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Clock } from '../../../common/clock.js';
import { ContinuedRun } from '../../../run/continued-run.js';
import { wholeAnswer } from '../../../run/run-answer.js';
import { isTerminal } from '../../../run/run-event.js';
import { readSoFar } from '../../../run/run-source.js';
import { EventDelivery } from '../../delivery/event-delivery.service.js';
import { EventStream } from '../../delivery/event-stream.js';
import type { OpenedResponse } from './opened-response.js';
import { ResponseFold } from './response-fold.js';
import { ResponseFrames } from './response.projection.js';

/** Reads responses: as they are now, when they are whole, or as a stream of events. */
@Injectable()
export class ResponseReading {
  constructor(
    private readonly delivery: EventDelivery,
    private readonly clock: Clock,
  ) {}

  /** The response as it is now. */
  async now(opened: OpenedResponse): Promise<object> {
    const fold = this.foldOf(opened);
    await readSoFar(opened.source, (record) => {
      fold.apply(record);
      return false;
    });
    return fold.snapshot();
  }

  /**
   * The response at its end, or undefined where `signal` aborts first. Throws the error of one that failed, so that
   * clients try again by themselves.
   */
  async whole(opened: OpenedResponse, signal: AbortSignal): Promise<object | undefined> {
    const fold = this.foldOf(opened);
    const answer = await wholeAnswer(opened.source, signal, (record) => void fold.apply(record));
    return answer && fold.snapshot();
  }

  /** Streams the events behind number `after`. True where the end was delivered. */
  async stream(opened: OpenedResponse, after: number, response: Response): Promise<boolean> {
    const frames = new ResponseFrames(this.foldOf(opened), after);
    return this.delivery.deliver(new EventStream(response), opened.source, -1, frames);
  }

  /**
   * How many events there are now, and whether those are all. `firm` are those that a crash cannot have changed behind
   * the back of a client that read them before it.
   */
  async count(opened: OpenedResponse): Promise<{ events: number; firm: number; isWhole: boolean }> {
    const fold = this.foldOf(opened);
    const seam = opened.source instanceof ContinuedRun ? opened.source.seamSeq : Infinity;
    let [events, firm, isWhole] = [0, 0, false];
    await readSoFar(opened.source, (record) => {
      events += fold.apply(record).length;
      if (record.seq < seam) firm = events;
      isWhole = isTerminal(record);
      return false;
    });
    return { events, firm, isWhole };
  }

  /** A fold for whoever follows the run otherwise. */
  foldOf({ head }: OpenedResponse): ResponseFold {
    return new ResponseFold(head, () => Math.floor(this.clock.now() / 1000));
  }
}
