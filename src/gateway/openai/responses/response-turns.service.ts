import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal.js';
import type { ModelMessage } from '../../../common/model-message.js';
import { MessageLimit } from '../../../rate-limit/message-limit.service.js';
import { rateLimitExceeded } from '../../../rate-limit/rate-limit-error.js';
import { answerCut } from '../../../run/run-answer.js';
import { isTerminal } from '../../../run/run-event.js';
import { RunStopper } from '../../../run/run-stopper.service.js';
import type { OpenedResponse } from './opened-response.js';
import { ResponseReading } from './response-reading.service.js';
import type { ResponseRequest } from './response-request.js';
import { Responses } from './responses.service.js';

/** Where the events of one connection go, and what was said on it that is not stored. */
export interface TurnLine {
  /** By the id of the response that it ends with. */
  readonly unstored: Map<string, readonly ModelMessage[]>;
  readonly gone: AbortSignal;
  /** Resolves when there is room for more. */
  send(event: object): Promise<void> | undefined;
}

/** Chains that a connection may go on with; the oldest is forgotten. */
const MAX_UNSTORED = 16;
/** Of all of them together; the newest is kept in any case. */
const MAX_UNSTORED_CHARS = 2_000_000;

/** The turns of a connection that stays: as over HTTP, but what is not stored lives as long as the connection. */
@Injectable()
export class ResponseTurns {
  constructor(
    private readonly responses: Responses,
    private readonly reading: ResponseReading,
    private readonly stopper: RunStopper,
    private readonly limit: MessageLimit,
  ) {}

  /** Plays one turn to its end, or until the connection is gone. Throws what `Responses.begin` throws, and RATE_LIMIT_EXCEEDED. */
  async play(request: ResponseRequest, { userId, apiKeyId }: Principal, line: TurnLine): Promise<void> {
    this.responses.modelOf(request.model);
    const verdict = await this.limit.take({ userId, byApiKey: apiKeyId !== undefined });
    if (verdict && !verdict.allowed) throw rateLimitExceeded('messages', verdict);
    const before = line.unstored.get(request.previousResponseId ?? '');
    const opened = await this.begin(request, userId, before);
    const answer = await this.follow(opened, line);
    if (request.store) return;
    if (!answer) return void (await this.stopper.stop(opened.source.runId, userId));
    this.keep(line, answer.id, [...(await this.saidBefore(request, userId, before)), ...request.items, answer.message]);
  }

  private begin(
    request: ResponseRequest,
    userId: string,
    before: readonly ModelMessage[] | undefined,
  ): Promise<OpenedResponse> {
    if (!request.store) return this.responses.beginUnstored(request, userId, before);
    if (!before) return this.responses.begin(request, userId);
    const { previousResponseId: _unstored, ...fresh } = request;
    return this.responses.begin({ ...fresh, items: [...before, ...request.items] }, userId);
  }

  /** The answer and its response's id; undefined where the end was not seen. */
  private async follow(
    opened: OpenedResponse,
    line: TurnLine,
  ): Promise<{ id: string; message: ModelMessage } | undefined> {
    const fold = this.reading.foldOf(opened);
    let number = 0;
    for await (const batch of opened.source.follow(-1, line.gone)) {
      for (const record of batch) {
        for (const event of fold.apply(record)) {
          const room = line.send({ ...event, sequence_number: number++ });
          if (room) await room;
        }
        if (isTerminal(record)) return { id: fold.id, message: fold.answer() };
      }
    }
    if (!line.gone.aborted) throw answerCut();
    return undefined;
  }

  private async saidBefore(
    { previousResponseId }: ResponseRequest,
    userId: string,
    before: readonly ModelMessage[] | undefined,
  ): Promise<readonly ModelMessage[]> {
    if (before || !previousResponseId) return before ?? [];
    return this.responses.messagesTo(previousResponseId, userId);
  }

  private keep({ unstored }: TurnLine, id: string, said: readonly ModelMessage[]): void {
    unstored.set(id, said);
    let chars = [...unstored.values()].reduce((sum, chain) => sum + charsOf(chain), 0);
    for (const [oldest, chain] of unstored) {
      if (oldest === id || (unstored.size <= MAX_UNSTORED && chars <= MAX_UNSTORED_CHARS)) return;
      unstored.delete(oldest);
      chars -= charsOf(chain);
    }
  }
}

const charsOf = (chain: readonly ModelMessage[]): number => chain.reduce((sum, { content }) => sum + content.length, 0);
