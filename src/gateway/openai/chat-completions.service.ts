import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { ModelRouter } from '../../ai/model-router.service.js';
import type { Principal } from '../../auth/principal.js';
import { wholeAnswer } from '../../run/run-answer.js';
import { RunReader } from '../../run/run-reader.service.js';
import type { RunSource } from '../../run/run-source.js';
import { RunStarter } from '../../run/run-starter.service.js';
import { RunStopper } from '../../run/run-stopper.service.js';
import { EventDelivery } from '../delivery/event-delivery.service.js';
import { EventStream } from '../delivery/event-stream.js';
import { ChatCompletionChunks, type CompletionHead, WholeChatCompletion } from './chat-completion.projection.js';
import type { ChatCompletionRequest } from './chat-completion-request.js';
import { goneSignal } from '../delivery/gone-signal.js';

/** Chat completions: runs without a conversation. Nobody can come back to one, so who leaves stops it. */
@Injectable()
export class ChatCompletions {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly stopper: RunStopper,
    private readonly delivery: EventDelivery,
    private readonly router: ModelRouter,
  ) {}

  /** Answers the request, as a whole or as a stream. Throws before the first byte where nothing can be answered. */
  async answer(request: ChatCompletionRequest, { userId }: Principal, response: Response): Promise<void> {
    const { model, prompt, ownTools: tools } = request;
    const run = await this.starter.startStateless({ userId, prompt, model, tools });
    const source = await this.reader.open(run.id, userId);
    const head = this.headOf(request, run.id, run.createdAt);
    const isWhole = request.stream
      ? await this.delivery.deliver(new EventStream(response), source, -1, new ChatCompletionChunks(head))
      : await this.whole(source, head, response);
    if (!isWhole) await this.stopper.stop(run.id, userId);
  }

  private async whole(source: RunSource, head: CompletionHead, response: Response): Promise<boolean> {
    const gone = goneSignal(response);
    const completion = new WholeChatCompletion(head);
    const answer = await wholeAnswer(source, gone, (record) => completion.apply(record));
    if (answer) response.json(completion.body(answer.end));
    return answer !== undefined;
  }

  private headOf(request: ChatCompletionRequest, runId: string, startedAt: Date): CompletionHead {
    return {
      runId,
      model: this.router.resolve(request.model).id,
      created: Math.floor(startedAt.getTime() / 1000),
      callersTools: new Set(request.prompt.tools?.map(({ name }) => name)),
      includeUsage: request.includeUsage,
    };
  }
}
