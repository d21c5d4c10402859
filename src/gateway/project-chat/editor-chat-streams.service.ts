import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { RunSource } from '../../run/run-source.js';
import { EventDelivery } from '../delivery/event-delivery.service.js';
import { EventStream } from '../delivery/event-stream.js';
import { EditorChatFrames } from './editor-chat.projection.js';

/** Answers as family C's server-sent events. */
@Injectable()
export class EditorChatStreams {
  constructor(private readonly delivery: EventDelivery) {}

  /** Follows a run from behind `afterSeq`, until it ends or the client leaves. */
  async follow(source: RunSource, afterSeq: number, response: Response): Promise<void> {
    const stream = new EventStream(response);
    await stream.write(':ok\n\n');
    await this.delivery.deliver(stream, source, afterSeq, new EditorChatFrames(source.runId));
  }
}
