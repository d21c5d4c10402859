import type { ToolStep } from '../exchange.js';
import type { StreamEnd } from '../wire.js';

/** Where a chat shows what happens, to people or to programs. */
export interface ChatScreen {
  /** A line of the program. */
  say(line: string): void;
  /** Something went wrong. */
  warn(message: string): void;
  /** Part of an answer. */
  write(text: string): void;
  /** An answer is awaited. */
  wait(): void;
  finishLine(): void;
  /** For programs, which want facts instead of lines: true where it took them. */
  note?(fact: AnswerFact): boolean;
}

/** What happens in the course of an answer. */
export type AnswerFact = { type: 'tool'; step: ToolStep } | { type: 'end'; end: StreamEnd; text: string };
