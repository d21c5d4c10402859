import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { ModelMessage } from '../common/model-message.js';
import { loadTokenizer } from '../common/token-count.js';
import { AiConfig } from '../config/config.js';
import { endSpan } from '../observability/tracing.js';
import type { AnswerPart, AnswerRequest, AttemptStarted } from './answer-part.js';
import { AnswerProgress } from './attempts/answer-progress.js';
import { AttemptChain } from './attempts/attempt-chain.js';
import { beginAttempt, noteBatch } from './attempts/attempt-span.js';
import { AttemptTiming } from './attempts/attempt-timing.js';
import type { ModelPart } from './chat-model.port.js';
import { ChatModels } from './chat-models.js';
import { type Candidate, capableOf, type ModelCard, ModelTable } from './model-table.js';
import { readWithin } from './model-timeouts.js';
import { promptTokensOf } from './prompt-tokens.js';
import { ProviderHealth } from './provider-health.js';

/** Gets what an answer brings, in order. */
export type TakeParts = (parts: readonly AnswerPart[]) => void;

/** The one way to a model: knows who serves which name, and has the chain of providers answer until one has. */
@Injectable()
export class ModelRouter implements OnApplicationBootstrap {
  private readonly logger = new Logger(ModelRouter.name);
  private readonly table: ModelTable;

  constructor(
    private readonly models: ChatModels,
    private readonly health: ProviderHealth,
    private readonly config: AiConfig,
    private readonly timing: AttemptTiming,
  ) {
    this.table = new ModelTable(models, config);
  }

  /** A server with a vendor will need exact counts; better now than in the middle of somebody's answer. */
  onApplicationBootstrap(): void {
    if (this.models.chain.some((model) => model !== this.models.mock)) void loadTokenizer();
  }

  /** Every model that may be asked for by name, the default first. */
  list(): ModelCard[] {
    return this.table.list();
  }

  /**
   * Who would answer first. `contextTokens` is what everyone who may have to go on can read. Throws VALIDATION_ERROR for
   * a name that nobody serves.
   */
  resolve(requestedModel?: string): ModelCard {
    const candidates = this.table.candidates(requestedModel);
    const { model: _model, ...card } = candidates[0]!;
    return { ...card, contextTokens: Math.min(...candidates.map(({ contextTokens }) => contextTokens)) };
  }

  /**
   * Gives the answer to `take` as it comes, each attempt announced by its `attempt` part; a later attempt goes on behind
   * the text of the earlier ones. Resolves when it is whole; rejects with the last PROVIDER_* where nobody can go on, or
   * with the signal's reason. Nothing is taken after that.
   */
  async answer(request: AnswerRequest, signal: AbortSignal, take: TakeParts): Promise<void> {
    const limits = { retries: this.config.retries, patienceMs: this.config.firstTokenTimeoutMs };
    const candidates = capableOf(this.table.candidates(request.model), request);
    const chain = new AttemptChain(candidates, limits);
    const progress = new AnswerProgress(request);
    for (;;) {
      const { candidate, waitMs } = chain.next(this.timing.now());
      if (waitMs > 0) await this.timing.pause(waitMs, signal);
      signal.throwIfAborted();
      const pass = this.health.enter(candidate.provider);
      if (!pass) {
        chain.shut(this.health.retryAfterMs(candidate.provider));
        continue;
      }
      this.tellOfStandIn(candidate, candidates[0]!);
      take([announcement(candidate, progress)]);
      const span = beginAttempt(candidate, request);
      let failure: unknown;
      try {
        await this.ask(candidate, progress, signal, (batch) => {
          pass.succeeded();
          noteBatch(span, batch);
          const shown = progress.take(batch);
          if (shown.length > 0) take(shown);
        });
        return;
      } catch (error) {
        failure = error;
        signal.throwIfAborted();
        pass.failed(error);
        const facts = { requestId: request.requestId, provider: candidate.provider, err: error };
        this.logger.warn(facts, 'an attempt failed');
        chain.failed(error, progress.ofAttempt, this.timing.now(), this.timing.random());
      } finally {
        pass.undecided();
        endSpan(span, failure);
      }
    }
  }

  private tellOfStandIn(candidate: Candidate, wanted: Candidate): void {
    if (candidate !== wanted) this.logger.warn(`${candidate.provider} answers in place of ${wanted.provider}`);
  }

  private ask(
    { model, id, capabilities }: Candidate,
    progress: AnswerProgress,
    signal: AbortSignal,
    take: (batch: readonly ModelPart[]) => void,
  ): Promise<void> {
    const timeouts = { firstTokenMs: this.config.firstTokenTimeoutMs, idleMs: this.config.idleTimeoutMs };
    const sees = capabilities?.includes('vision') ?? true;
    const { messages } = progress.request;
    const request = { ...progress.request, model: id, ...(!sees && { messages: messages.map(withoutImages) }) };
    return readWithin((upstream) => model.stream(request, upstream), timeouts, signal, take);
  }
}

function announcement({ provider, id }: Candidate, progress: AnswerProgress): AttemptStarted {
  return {
    type: 'attempt',
    n: progress.begin(),
    provider,
    model: id,
    mode: progress.isContinuing ? 'continue' : 'fresh',
    fromChars: progress.text.length,
    promptTokens: promptTokensOf(progress.messages),
  };
}

function withoutImages(message: ModelMessage): ModelMessage {
  return message.role === 'user' && message.images ? { role: 'user', content: message.content } : message;
}
