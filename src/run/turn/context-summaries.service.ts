import { Injectable, Logger } from '@nestjs/common';
import type { ModelMessage } from '../../common/model-message.js';
import { ModelRouter } from '../../ai/model-router.service.js';
import type { TokenUsage } from '../../common/token-usage.js';
import { fitContext } from '../../conversation/context-window.js';
import { ConversationStore } from '../../conversation/conversation-store.port.js';
import type { Message } from '../../conversation/message.js';
import type { Turn } from '../turn.js';

/** The longest summary; the context window keeps room for it. */
export const SUMMARY_TOKENS = 400;
/** So many messages may fall out before the summary is written anew. */
const STALE_MESSAGES = 6;

const SYSTEM = 'You summarize conversations for somebody who goes on with them. Keep facts, names, numbers and wishes.';
const ASK = 'Summarize all of the above in at most 200 words. Answer with the summary only.';

/** What of the past is told in place of messages that no longer fit, and what it cost to write it now. */
export interface PastSummary {
  message?: ModelMessage;
  spent?: TokenUsage;
}

/** Keeps the summary of what a conversation's window has dropped, on the conversation. */
@Injectable()
export class ContextSummaries {
  private readonly logger = new Logger(ContextSummaries.name);

  constructor(
    private readonly router: ModelRouter,
    private readonly conversations: ConversationStore,
  ) {}

  /** `dropped` is what fell out of the branch, oldest first. A summary that cannot be written is done without. */
  async of(turn: Turn, dropped: readonly Message[], signal: AbortSignal): Promise<PastSummary> {
    const last = dropped.at(-1);
    if (!last) return {};
    const kept = await this.conversations.findSummary(last.conversationId);
    const known = dropped.findIndex(({ id }) => id === kept?.upTo);
    const past = known >= 0 ? kept?.text : undefined;
    const fresh = dropped.slice(known + 1);
    if (past !== undefined && fresh.length < STALE_MESSAGES) return { message: told(past) };
    try {
      const { text, spent } = await this.write(turn, fresh, past, signal);
      await this.conversations.saveSummary(last.conversationId, { text, upTo: last.id });
      return { message: told(text), ...(spent && { spent }) };
    } catch (error) {
      signal.throwIfAborted();
      this.logger.warn({ runId: turn.runId, err: error }, 'a summary could not be written');
      return past === undefined ? {} : { message: told(past) };
    }
  }

  private async write(turn: Turn, fresh: readonly Message[], past: string | undefined, signal: AbortSignal) {
    const { contextTokens } = this.router.resolve(turn.requestedModel);
    const systemPrompt = past === undefined ? SYSTEM : `${SYSTEM}\n\nWhat was said before:\n${past}`;
    const budgetTokens = contextTokens - SUMMARY_TOKENS;
    const { messages: shown } = await fitContext({ systemPrompt, history: fresh, budgetTokens });
    const messages: ModelMessage[] = [...shown, { role: 'user', content: ASK }];
    const request = { messages, requestId: turn.runId, maxTokens: SUMMARY_TOKENS };
    const model = turn.requestedModel && { model: turn.requestedModel };
    let text = '';
    let spent: TokenUsage | undefined;
    await this.router.answer({ ...request, ...model }, signal, (parts) => {
      for (const part of parts) {
        if (part.type === 'text') text += part.text;
        else if (part.type === 'usage') spent = part.usage;
      }
    });
    if (text.trim() === '') throw new Error('the model said nothing');
    return { text, spent };
  }
}

const told = (summary: string): ModelMessage => ({
  role: 'system',
  content: `Summary of the beginning of this conversation, which is no longer shown:\n${summary}`,
});
