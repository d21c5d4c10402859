import type { ModelMessage } from '../common/model-message.js';
import { countTokens, loadTokenizer } from '../common/token-count.js';
import { modelMessagesOf, type ViewedMessage, withMatchedCalls } from './model-view.js';

export interface ContextSources<M extends ViewedMessage = ViewedMessage> {
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
  messages: ModelMessage[];
  /** Oldest first. */
  dropped: readonly M[];
}

/** What a message costs beside its text: role and separators. */
const MESSAGE_TOKENS = 4;
/** What a picture costs at most, at the vendors that say so. */
const IMAGE_TOKENS = 1105;

/**
 * What the model gets to see: the system prompt, then the newest part of the history that fits, without holes. The
 * system prompt and the newest message stay even over budget. Answers that stayed empty are left out, and the history
 * never begins with an answer whose question is gone. Loads the tokenizer where the budget may not suffice.
 */
export async function fitContext<M extends ViewedMessage>(sources: ContextSources<M>): Promise<ContextWindow<M>> {
  const { systemPrompt, history, budgetTokens, answerTokens = 0 } = sources;
  const system: ModelMessage[] = systemPrompt ? [{ role: 'system', content: systemPrompt }] : [];
  const said = history.filter((message) => modelMessagesOf(message).length > 0);
  const views = said.map(modelMessagesOf);
  let first = await firstToFit([system, ...views], 1, budgetTokens - answerTokens);
  while (first < said.length - 1 && said[first]!.role === 'assistant') first++;
  const shown = withMatchedCalls(views.slice(first).flat());
  return { messages: [...system, ...shown], dropped: said.slice(0, first) };
}

/** Index in the history, which begins behind `fixed` messages, of the first message that is shown. */
async function firstToFit(views: readonly View[], fixed: number, budget: number): Promise<number> {
  // No token is shorter than a byte: most conversations fit without being counted.
  if (views.reduce((sum, view) => sum + mostOf(view), 0) <= budget) return 0;
  await loadTokenizer();
  const said = views.slice(fixed);
  let left = budget - views.slice(0, fixed).reduce((sum, view) => sum + costOf(view), 0);
  let first = said.length;
  while (first > 0) {
    left -= costOf(said[first - 1]!);
    if (left < 0 && first < said.length) break;
    first--;
  }
  return first;
}

type View = readonly ModelMessage[];

const costOf = (view: View): number => view.reduce((sum, one) => sum + countTokens(textOf(one)) + beside(one), 0);

const mostOf = (view: View): number => view.reduce((sum, one) => sum + Buffer.byteLength(textOf(one)) + beside(one), 0);

const beside = (message: ModelMessage): number =>
  MESSAGE_TOKENS + (message.role === 'user' ? (message.images?.length ?? 0) * IMAGE_TOKENS : 0);

function textOf(message: ModelMessage): string {
  if (message.role !== 'assistant' || !message.toolCalls) return message.content;
  return message.content + message.toolCalls.map((call) => call.name + call.arguments).join('');
}
