import { Writable } from 'node:stream';

/** Lets what readline echoes through to the terminal, or holds it back: passwords, and keys while an answer comes. */
export class EchoGate extends Writable {
  isOpen = false;

  constructor(private readonly terminal: Writable & { columns?: number }) {
    super();
  }

  /** readline breaks long lines by it. */
  get columns(): number | undefined {
    return this.terminal.columns;
  }

  /** Writes whether the gate is open or not. */
  show(text: string): void {
    this.terminal.write(text);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.isOpen) this.terminal.write(chunk);
    done();
  }
}
