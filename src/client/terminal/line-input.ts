import { createInterface, type Interface } from 'node:readline';
import { EchoGate } from './echo-gate.js';
import type { TerminalStreams } from './streams.js';

/** Lines from a person or a pipe, in order, none lost while nobody asks. Prompts are for people only. */
export class LineInput {
  readonly interactive: boolean;
  private readonly gate: EchoGate;
  private readonly lines: Interface;
  private readonly queue: string[] = [];
  private waiting: ((line: string | undefined) => void) | undefined;
  private ended = false;
  private isSecret = false;
  /** Sees each line that comes while nobody asks, and takes it by returning true. */
  watcher: ((line: string) => boolean) | undefined;
  /** Ctrl-C; without one it ends the input. */
  onInterrupt: (() => void) | undefined;

  constructor({ input, output }: TerminalStreams) {
    this.interactive = input.isTTY === true;
    this.gate = new EchoGate(output);
    const terminal = this.interactive;
    this.lines = createInterface({ input, output: terminal ? this.gate : undefined, terminal, crlfDelay: Infinity });
    this.lines.on('line', (line) => this.onLine(line));
    this.lines.on('close', () => this.onEnd());
    this.lines.on('SIGINT', () => (this.onInterrupt ? this.onInterrupt() : this.close()));
    // A password must not come back at the press of the up key.
    this.lines.on('history', (history) => this.isSecret && history.shift());
  }

  /** The next line, or undefined where there is none any more. */
  async next(prompt: string): Promise<string | undefined> {
    const queued = this.queue.shift();
    if (queued !== undefined) {
      if (this.interactive) this.gate.show(`${prompt}${queued}\n`);
      return queued;
    }
    if (this.ended) return undefined;
    const line = new Promise<string | undefined>((resolve) => (this.waiting = resolve));
    if (this.interactive) this.ask(prompt);
    return line;
  }

  /** Like `next`, but what is typed stays invisible. */
  async nextSecret(prompt: string): Promise<string | undefined> {
    this.isSecret = true;
    const line = await this.next(prompt);
    this.isSecret = false;
    return line;
  }

  close(): void {
    this.lines.close();
  }

  private ask(prompt: string): void {
    this.gate.isOpen = true;
    this.lines.setPrompt(prompt);
    this.lines.prompt(true);
    this.gate.isOpen = !this.isSecret;
  }

  private onLine(line: string): void {
    if (!this.waiting) {
      if (!this.watcher?.(line)) this.queue.push(line);
      return;
    }
    if (this.isSecret) this.gate.show('\n');
    this.settle(line);
  }

  private onEnd(): void {
    this.ended = true;
    if (this.waiting && this.interactive) this.gate.show('\n');
    this.settle(undefined);
  }

  private settle(line: string | undefined): void {
    this.gate.isOpen = false;
    this.waiting?.(line);
    this.waiting = undefined;
  }
}
