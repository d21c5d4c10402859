import type { ModelRequest } from '../../chat-model.port.js';
import type { ModelToolCall } from '../../../common/model-message.js';
import {
  conversationDigest,
  exactAnswer,
  freshToolResults,
  lastUserText,
  recalledCodeWord,
} from './conversation-facts.js';
import { fillerAnswer } from './filler-answer.js';
import { sampleSchema } from './sample-schema.js';
import { countWords, wordPieces } from './words.js';
import { askedTool, forcedTool, type ToolWish } from './wanted-tool.js';

export type MockAnswer = { text: string } | { call: ModelToolCall };

/**
 * What the mock says: the same to the same request, always. Behind a partial answer it says exactly the rest of what it
 * would have said without it. Behind words that are not its own it goes on with as many words as it then has left, so
 * that a reader sees one text that grows, and never a second beginning.
 */
export function decideAnswer(request: ModelRequest, fillerWords: number): MockAnswer {
  const last = request.messages.at(-1);
  if (last?.role !== 'assistant' || last.toolCalls?.length) return freshAnswer(request, fillerWords);
  const whole = freshAnswer({ ...request, messages: request.messages.slice(0, -1) }, fillerWords);
  if ('call' in whole) return whole;
  if (whole.text.startsWith(last.content)) return { text: whole.text.slice(last.content.length) };
  const left = wordPieces(whole.text).slice(countWords(last.content)).join('');
  return { text: left.trim() === '' || /\s$/.test(last.content) ? left.trimStart() : ` ${left.trimStart()}` };
}

function freshAnswer(request: ModelRequest, fillerWords: number): MockAnswer {
  const { messages, responseSchema } = request;
  const userText = lastUserText(messages);
  const results = freshToolResults(messages);
  const forced = results.length === 0 ? forcedTool(request, userText) : undefined;
  if (forced) return { call: callOf(forced, request) };
  const exact = exactAnswer(userText);
  if (exact !== undefined) return { text: exact.toWellFormed() };
  const asked = results.length === 0 ? askedTool(request, userText) : undefined;
  if (asked) return { call: callOf(asked, request) };
  const fact = results.length > 0 ? results.join('\n') : recalledCodeWord(messages);
  if (responseSchema) return { text: JSON.stringify(sampleSchema(responseSchema, fact)).toWellFormed() };
  if (fact === undefined) return { text: fillerAnswer(messages, fillerWords).toWellFormed() };
  return { text: `${results.length > 0 ? 'The tool returned:' : 'The code word is'} ${fact}`.toWellFormed() };
}

/** An id that differs from step to step of a conversation, and yet is always the same. */
function callOf(wish: ToolWish, { messages }: ModelRequest): ModelToolCall {
  return { callId: `call_${conversationDigest(messages)}`, ...wish };
}
