import { Injectable } from '@nestjs/common';
import type { ModelFinishReason, ModelMessage, ModelPart } from '../ai/chat-model.port.js';
import { ModelRouter } from '../ai/model-router.service.js';
import { estimateTokens } from '../common/token-estimate.js';
import { AiConfig, SessionConfig } from '../config/config.js';
import { fitContext } from '../conversation/context-window.js';
import { ConversationStore } from '../conversation/conversation-store.port.js';
import type { RunEvent } from './run-event.js';
import type { Turn } from './turn.js';

/** What a turn gives to the recorder, in order; `finished` is the last. */
export type TurnEvent =
  | { type: 'text'; text: string }
  | { type: 'record'; event: RunEvent }
  | { type: 'finished'; reason: ModelFinishReason };

/** Decides what happens in a turn: context in, model asked, events out. Writes nothing. */
@Injectable()
export class TurnPlayer {
  constructor(
    private readonly router: ModelRouter,
    private readonly conversations: ConversationStore,
    private readonly ai: AiConfig,
    private readonly session: SessionConfig,
  ) {}

  /** Rejects with the provider's TalksyError, or when `signal` aborts. */
  async *play(turn: Turn, signal: AbortSignal): AsyncIterable<readonly TurnEvent[]> {
    const messages = await this.context(turn);
    const { model, modelName } = this.router.resolve(turn.requestedModel);
    yield [{ type: 'record', event: attemptStarted(turn, model.name, modelName, messages) }];
    const request = {
      model: modelName,
      messages,
      requestId: turn.runId,
      ...(this.ai.temperature !== undefined && { temperature: this.ai.temperature }),
      ...(this.ai.maxTokens !== undefined && { maxTokens: this.ai.maxTokens }),
    };
    for await (const parts of this.router.stream(model, request, signal)) yield parts.flatMap(eventsOf);
  }

  private async context(turn: Turn): Promise<ModelMessage[]> {
    const path = await this.conversations.pathTo(turn.userMessageId, this.session.maxHistory);
    const messages: ModelMessage[] = fitContext({
      systemPrompt: this.ai.systemPrompt,
      history: path,
      budgetTokens: this.ai.contextTokens,
    });
    if (turn.prior) messages.push({ role: 'assistant', content: turn.prior });
    return messages;
  }
}

function attemptStarted(turn: Turn, provider: string, model: string, messages: readonly ModelMessage[]): RunEvent {
  return {
    type: 'attempt.started',
    data: {
      n: 1,
      provider,
      model,
      fromOffset: turn.prior.length,
      mode: turn.prior ? 'continue' : 'fresh',
      promptTokens: messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    },
  };
}

function eventsOf(part: ModelPart): TurnEvent[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type === 'usage') return [{ type: 'record', event: { type: 'usage', data: part.usage } }];
  if (part.type === 'finish') return [{ type: 'finished', reason: part.reason }];
  return [];
}
