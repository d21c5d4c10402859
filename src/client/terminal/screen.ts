import { MarkdownBlocks, terminalMarkdown } from './markdown.js';
import type { TerminalStreams } from './streams.js';

/** Control characters but tab and line feed: a model's text must not steer the terminal. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 80;
const CLEAR_LINE = '\r\u001b[2K';
const COLUMNS = 80;

/**
 * What the chat writes: answers as they come, and lines of its own, never in the middle of another line. On a terminal
 * answers are Markdown, shown block by block, and a spinner turns while nothing can be shown; a pipe gets the bare text.
 */
export class Screen {
  private midLine = false;
  private readonly blocks = new MarkdownBlocks();
  private readonly render: ((text: string) => string) | undefined;
  private spinner: NodeJS.Timeout | undefined;

  /** @param isPlain shows the text as it is on a terminal, too. */
  constructor(
    private readonly streams: Pick<TerminalStreams, 'output' | 'errors'>,
    isPlain = false,
  ) {
    const { isTTY, columns = COLUMNS } = streams.output;
    if (isTTY && !isPlain) this.render = terminalMarkdown(columns);
  }

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
    if (!this.render) return this.put(safe);
    const whole = this.blocks.take(safe);
    if (!whole) return;
    this.putBlock(whole);
    this.wait();
  }

  /** Shows that an answer is awaited, until something is written. */
  wait(): void {
    if (!this.render || this.spinner) return;
    let turn = 0;
    this.spinner = setInterval(() => {
      this.streams.output.write(`\r${SPINNER[turn++ % SPINNER.length]}`);
    }, SPIN_MS);
  }

  finishLine(): void {
    this.endWait();
    const rest = this.blocks.finish();
    if (rest.trim()) this.putBlock(rest);
    if (this.midLine) this.streams.output.write('\n');
    this.midLine = false;
  }

  private putBlock(text: string): void {
    this.endWait();
    this.put(`${this.render!(text)}\n`);
  }

  private put(text: string): void {
    this.streams.output.write(text);
    this.midLine = !text.endsWith('\n');
  }

  private endWait(): void {
    if (!this.spinner) return;
    clearInterval(this.spinner);
    this.spinner = undefined;
    this.streams.output.write(CLEAR_LINE);
  }
}

const printable = (text: string): string => text.replace(CONTROL, '');
