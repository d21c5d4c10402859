import { Injectable } from '@nestjs/common';
import type { ModelMessage } from '../../common/model-message.js';
import { ModelRouter } from '../../ai/model-router.service.js';
import { promptTokensOf } from '../../ai/prompt-tokens.js';
import type { TokenUsage } from '../../common/token-usage.js';
import { AiConfig } from '../../config/config.js';
import { fitContext } from '../../conversation/context-window.js';
import type { Message } from '../../conversation/message.js';
import { AskedQuestions } from '../asked-questions.service.js';
import type { Turn } from '../turn.js';
import { ContextSummaries, SUMMARY_TOKENS } from './context-summaries.service.js';

/** What a model is shown of the conversation that a turn belongs to. */
@Injectable()
export class TurnContext {
  constructor(
    private readonly router: ModelRouter,
    private readonly questions: AskedQuestions,
    private readonly ai: AiConfig,
    private readonly summaries: ContextSummaries,
  ) {}

  /** The branch of the conversation that ends with the user's message, oldest first. */
  async history({ userMessageId, prompt, history }: Turn): Promise<readonly Message[]> {
    if (prompt) return [];
    if (history) return history;
    return this.questions.historyOf(userMessageId);
  }

  /** The turn with what its question and its conversation say about answers. */
  async settled(turn: Turn): Promise<Turn> {
    if (turn.prompt || turn.settings) return turn;
    const { input, ...settings } = await this.questions.settingsOf(turn.userMessageId);
    if (!input?.wishes) return { ...turn, settings };
    return { ...turn, settings, prompt: await this.questions.promptOf(turn.userMessageId, input.wishes) };
  }

  /**
   * The newest part of the history that fits beside what the turn has come to, and that behind it. Where summaries are
   * wanted, what fell out is told in one; `spent` is what writing it cost.
   */
  async messages(
    turn: Turn,
    history: readonly Message[],
    soFar: readonly ModelMessage[],
    signal: AbortSignal,
  ): Promise<{ messages: ModelMessage[]; spent?: TokenUsage }> {
    if (turn.prompt) return { messages: [...turn.prompt.messages, ...soFar] };
    const { contextTokens } = this.router.resolve(turn.requestedModel);
    const summaryTokens = this.ai.contextSummary ? SUMMARY_TOKENS : 0;
    const budgetTokens = contextTokens - promptTokensOf(soFar) - summaryTokens;
    const systemPrompt = turn.settings?.systemPrompt ?? this.ai.systemPrompt;
    const { messages, dropped } = await fitContext({ systemPrompt, history, budgetTokens });
    if (!this.ai.contextSummary) return { messages: [...messages, ...soFar] };
    const { message, spent } = await this.summaries.of(turn, dropped, signal);
    const at = systemPrompt ? 1 : 0;
    const told = message ? messages.toSpliced(at, 0, message) : messages;
    return { messages: [...told, ...soFar], ...(spent && { spent }) };
  }
}
