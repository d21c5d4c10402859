import type { TerminalStreams } from './streams.js';

/** Control characters but tab and line feed: a model's text must not steer the terminal. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;

/** What the chat writes: answers as they come, and lines of its own, never in the middle of another line. */
export class Screen {
  private midLine = false;

  constructor(private readonly streams: Pick<TerminalStreams, 'output' | 'errors'>) {}

  /** A line of the program. */
  say(line: string): void {
    this.finishLine();
    this.streams.output.write(`${printable(line)}\n`);
  }

  /** One plain line about something that went wrong. */
  warn(message: string): void {
    this.finishLine();
    this.streams.errors.write(`error: ${printable(message).replaceAll('\n', ' ')}\n`);
  }

  /** Part of an answer. */
  write(text: string): void {
    const safe = printable(text);
    if (!safe) return;
    this.streams.output.write(safe);
    this.midLine = !safe.endsWith('\n');
  }

  finishLine(): void {
    if (this.midLine) this.streams.output.write('\n');
    this.midLine = false;
  }
}

const printable = (text: string): string => text.replace(CONTROL, '');
