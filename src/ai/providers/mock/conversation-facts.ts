import { createHash } from 'node:crypto';
import type { ModelMessage } from '../../../common/model-message.js';

type Messages = readonly ModelMessage[];

const EXACTLY = 'exactly: ';
const ASKS_CODE_WORD = /code[ -]?word/i;
/** Bounded, as all patterns here that meet foreign text: a hostile message must not cost time. */
const STATES_CODE_WORD = /code word: ([^\n]{1,200})/gi;

export const lastUserText = (messages: Messages): string =>
  messages.findLast(({ role }) => role === 'user')?.content ?? '';

/** What the last user text wants to hear, word for word. */
export function exactAnswer(userText: string): string | undefined {
  const at = userText.indexOf(EXACTLY);
  return at < 0 ? undefined : userText.slice(at + EXACTLY.length);
}

/** Results of the tools called since the user spoke last, in order. */
export function freshToolResults(messages: Messages): string[] {
  const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
  return since.filter(({ role }) => role === 'tool').map(({ content }) => content);
}

/** The code word told last, where the last user text asks for it and does not only tell it. */
export function recalledCodeWord(messages: Messages): string | undefined {
  if (!ASKS_CODE_WORD.test(lastUserText(messages).replace(STATES_CODE_WORD, told))) return undefined;
  const listened = messages.filter(({ role }) => role === 'user' || role === 'system');
  const words = listened.flatMap(({ content }) =>
    [...content.matchAll(STATES_CODE_WORD)].map(([, rest]) => wordIn(rest!)),
  );
  return words.findLast((word) => word !== '');
}

/** A number that is the same for the same conversation and else another: 24 hexadecimal digits. */
export function conversationDigest(messages: Messages): string {
  return createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 24);
}

/** What stands behind a told code word; a question may follow it in the same line. */
const told = (_statement: string, rest: string): string => rest.slice(wordIn(rest).length);

const wordIn = (rest: string): string => rest.split(/[.,;!?](?=\s|$)/, 1)[0]!.trim();
