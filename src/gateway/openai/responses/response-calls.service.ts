import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import { AnswerRemoval } from '../../../run/answer-removal.service.js';
import { RunStopper } from '../../../run/run-stopper.service.js';
import { invalid } from '../request-parts.js';
import { goneSignal } from '../../delivery/gone-signal.js';
import type { AskedInput } from './input-item-list.js';
import type { OpenedResponse } from './opened-response.js';
import { ResponseReading } from './response-reading.service.js';
import type { ResponseRequest } from './response-request.js';
import { Responses } from './responses.service.js';

/** What clients of the Responses API may call. */
@Injectable()
export class ResponseCalls {
  constructor(
    private readonly responses: Responses,
    private readonly reading: ResponseReading,
    private readonly stopper: RunStopper,
    private readonly removal: AnswerRemoval,
  ) {}

  /** Throws VALIDATION_ERROR for a model that nobody serves. */
  check({ model }: ResponseRequest): void {
    this.responses.modelOf(model);
  }

  /**
   * Answers as the request wants it: at once in the background, as a stream, or whole. A client that leaves stops only
   * what is not stored: nobody could come back to it. Throws before the first byte where nothing can be answered.
   */
  async answer(request: ResponseRequest, userId: string, response: Response): Promise<void> {
    const opened = await this.begin(request, userId);
    if (request.background && !request.stream) return void response.json(await this.reading.now(opened));
    const isWhole = request.stream
      ? await this.reading.stream(opened, -1, response)
      : await this.whole(opened, response);
    if (!isWhole && !request.store) await this.stopper.stop(opened.source.runId, userId);
  }

  /** The response as it is now. Throws RUN_NOT_FOUND. */
  async retrieve(id: string, userId: string): Promise<object> {
    return this.reading.now(await this.responses.find(id, userId));
  }

  /**
   * The events behind `after`, and those to come; 204 where the client has them all, or it would ask for ever. Throws
   * RUN_NOT_FOUND, VALIDATION_ERROR, and CONFLICT where a crash may have changed what the client has.
   */
  async resume(id: string, userId: string, after: unknown, response: Response): Promise<void> {
    const last = after === undefined ? -1 : Number(after);
    if (!Number.isInteger(last) || last < -1)
      throw invalid({ path: ['starting_after'], message: 'must be the sequence_number of an event' });
    const opened = await this.responses.find(id, userId);
    const { events, firm, isWhole } =
      last < 0 ? { events: 1, firm: 0, isWhole: false } : await this.reading.count(opened);
    if (last >= firm && firm < events && last >= 0)
      throw new TalksyError('CONFLICT', 'A crash may have changed what was read before: read again from the start.');
    if (isWhole && last >= events - 1) return void response.status(204).end();
    await this.reading.stream(opened, last, response);
  }

  /** Stops what is being written. The response as it is then. Throws RUN_NOT_FOUND. */
  async cancel(id: string, userId: string): Promise<object> {
    const { last } = await this.responses.find(id, userId);
    await this.stopper.stop(last.id, userId);
    return this.retrieve(id, userId);
  }

  /** Deletes it for good. Throws RUN_NOT_FOUND. */
  async remove(id: string, userId: string): Promise<object> {
    const { run } = await this.responses.find(id, userId);
    await this.removal.remove(run.id, userId);
    return { id, object: 'response', deleted: true };
  }

  async inputOf(id: string, userId: string): Promise<AskedInput> {
    const { run, items } = await this.responses.find(id, userId);
    return { runId: run.id, items };
  }

  private begin(request: ResponseRequest, userId: string): Promise<OpenedResponse> {
    return request.store ? this.responses.begin(request, userId) : this.responses.beginUnstored(request, userId);
  }

  private async whole(opened: OpenedResponse, response: Response): Promise<boolean> {
    const gone = goneSignal(response);
    const body = await this.reading.whole(opened, gone);
    if (body && !gone.aborted) response.json(body);
    return body !== undefined;
  }
}
