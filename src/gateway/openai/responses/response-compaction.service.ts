import { Injectable } from '@nestjs/common';
import { withInstructions } from '../../../conversation/model-view.js';
import { wholeAnswer } from '../../../run/run-answer.js';
import { RunReader } from '../../../run/run-reader.service.js';
import { RunStarter } from '../../../run/run-starter.service.js';
import { RunStopper } from '../../../run/run-stopper.service.js';
import { encodeSummary } from './compaction-item.js';
import { itemsOf } from './input-item-list.js';
import { usageOf } from './response-fold.js';
import { bareId } from './response-id.js';
import type { ResponseRequest } from './response-request.js';
import { Responses } from './responses.service.js';

const ASK =
  'Summarize all of the above for somebody who goes on with it, in at most 300 words. Keep facts, names, numbers, ' +
  'decisions, results of tools and open wishes. Answer with the summary only.';

/** Makes long conversations short: what the user said stays, the rest becomes one item that only we can read. */
@Injectable()
export class ResponseCompaction {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly stopper: RunStopper,
    private readonly responses: Responses,
  ) {}

  /**
   * What is to be sent in place of everything that was said; undefined where `signal` aborts first. Throws what
   * RunStarter throws, the error of a model that failed, and VALIDATION_ERROR for an unknown previous response.
   */
  async compact(request: ResponseRequest, userId: string, signal: AbortSignal): Promise<object | undefined> {
    const { model, items, wishes, previousResponseId } = request;
    const before = previousResponseId ? await this.responses.messagesTo(previousResponseId, userId) : [];
    const said = [...before, ...items];
    const prompt = { messages: withInstructions(wishes.instructions, [...said, { role: 'user', content: ASK }]) };
    const run = await this.starter.startStateless({ userId, prompt, tools: [], ...(model && { model }) });
    const answer = await wholeAnswer(await this.reader.open(run.id, userId), signal);
    if (!answer) return void (await this.stopper.stop(run.id, userId));
    const id = bareId(run.id);
    const kept = said.filter(({ role }) => role === 'user').flatMap((message, at) => itemsOf(message, `${id}_${at}`));
    const summary = { id: `cmp_${id}`, type: 'compaction', encrypted_content: encodeSummary(answer.text) };
    return {
      id: `resp_${id}`,
      object: 'response.compaction',
      created_at: Math.floor(run.createdAt.getTime() / 1000),
      output: [...kept, summary],
      usage: usageOf(answer.end.data.usage),
    };
  }
}
