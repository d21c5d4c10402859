import { countTokens, loadTokenizer } from '../common/token-count.js';

export interface ContextMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

interface HistoryMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface ContextSources<M extends HistoryMessage = HistoryMessage> {
  /** Empty: no system message. */
  systemPrompt: string;
  /** Oldest first. */
  history: readonly M[];
  /** What the model can read. */
  budgetTokens: number;
  /** Tokens of the budget kept free for the answer. */
  answerTokens?: number;
}

/** What the model sees, and what it does not see any more. */
export interface ContextWindow<M> {
  messages: ContextMessage[];
  /** Oldest first. */
  dropped: readonly M[];
}

/** What a message costs beside its text: role and separators. */
const MESSAGE_TOKENS = 4;

/**
 * What the model gets to see: the system prompt, then the newest part of the history that fits, without holes. The
 * system prompt and the newest message stay even over budget. Answers that stayed empty are left out, and the history
 * never begins with an answer whose question is gone. Loads the tokenizer where the budget may not suffice.
 */
export async function fitContext<M extends HistoryMessage>(sources: ContextSources<M>): Promise<ContextWindow<M>> {
  const { systemPrompt, history, budgetTokens, answerTokens = 0 } = sources;
  const system: ContextMessage[] = systemPrompt ? [{ role: 'system', content: systemPrompt }] : [];
  const said = history.filter(({ role, content }) => role === 'user' || content !== '');
  let first = await firstToFit([...system, ...said], system.length, budgetTokens - answerTokens);
  while (first < said.length - 1 && said[first]!.role === 'assistant') first++;
  const shown = said.slice(first).map(({ role, content }) => ({ role, content }));
  return { messages: [...system, ...shown], dropped: said.slice(0, first) };
}

/** Index in the history, which begins behind `fixed` messages, of the first message that is shown. */
async function firstToFit(messages: readonly ContextMessage[], fixed: number, budget: number): Promise<number> {
  // No token is shorter than a byte: most conversations fit without being counted.
  if (messages.reduce((sum, message) => sum + bytesOf(message), 0) <= budget) return 0;
  await loadTokenizer();
  const said = messages.slice(fixed);
  let left = budget - messages.slice(0, fixed).reduce((sum, message) => sum + costOf(message), 0);
  let first = said.length;
  while (first > 0) {
    left -= costOf(said[first - 1]!);
    if (left < 0 && first < said.length) break;
    first--;
  }
  return first;
}

const costOf = ({ content }: ContextMessage): number => countTokens(content) + MESSAGE_TOKENS;

const bytesOf = ({ content }: ContextMessage): number => Buffer.byteLength(content) + MESSAGE_TOKENS;
