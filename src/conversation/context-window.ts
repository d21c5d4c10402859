import { estimateTokens } from '../common/token-estimate.js';

export interface ContextMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ContextSources {
  /** Empty: no system message. */
  systemPrompt: string;
  /** Oldest first. */
  history: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
  budgetTokens: number;
  /** Tokens of the budget kept free for the answer. */
  answerTokens?: number;
}

/** What a message costs beside its text: role and separators. */
const MESSAGE_TOKENS = 4;

/**
 * What the model gets to see: the system prompt, then the newest part of the history that fits, without holes. The
 * system prompt and the newest message stay even over budget. Answers that stayed empty are left out, and the history
 * never begins with an answer whose question is gone.
 */
export function fitContext({
  systemPrompt,
  history,
  budgetTokens,
  answerTokens = 0,
}: ContextSources): ContextMessage[] {
  const system: ContextMessage[] = systemPrompt ? [{ role: 'system', content: systemPrompt }] : [];
  const said = history.filter(({ role, content }) => role === 'user' || content !== '');
  let left = budgetTokens - answerTokens - system.reduce((sum, message) => sum + costOf(message), 0);
  let first = said.length;
  while (first > 0) {
    left -= costOf(said[first - 1]!);
    if (left < 0 && first < said.length) break;
    first--;
  }
  while (first < said.length - 1 && said[first]!.role === 'assistant') first++;
  return [...system, ...said.slice(first).map(({ role, content }) => ({ role, content }))];
}

const costOf = ({ content }: { readonly content: string }): number => estimateTokens(content) + MESSAGE_TOKENS;
