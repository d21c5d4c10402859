import { PassThrough } from 'node:stream';
import type { TerminalStreams } from '../../src/client/terminal/streams.js';
import { until } from './fake-talksy-server.js';

const CTRL_C = '\u0003';

/** A pipe, or a terminal with somebody at the keys; keeps what is written to it. */
export class FakeTerminal implements TerminalStreams {
  readonly input: PassThrough & { isTTY?: boolean } = new PassThrough();
  readonly output: PassThrough & { columns?: number; isTTY?: boolean } = new PassThrough();
  readonly errors = new PassThrough();
  shown = '';
  complaints = '';

  constructor(kind: 'pipe' | 'person') {
    if (kind === 'person') this.input.isTTY = true;
    this.output.columns = 80;
    this.output.on('data', (chunk: Buffer) => (this.shown += chunk.toString()));
    this.errors.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
  }

  type(...lines: string[]): this {
    for (const line of lines) this.input.write(`${line}${this.input.isTTY ? '\r' : '\n'}`);
    return this;
  }

  pressCtrlC(): void {
    this.input.write(CTRL_C);
  }

  /** Waits for what appears on the screen, and forgets everything up to it. */
  async sees(text: string): Promise<void> {
    await until(() => this.shown.includes(text));
    this.shown = this.shown.slice(this.shown.indexOf(text) + text.length);
  }

  end(): this {
    this.input.end();
    return this;
  }
}
