import type { Readable, Writable } from 'node:stream';

/** What a chat talks to people through; a real terminal says so by `isTTY`. */
export interface TerminalStreams {
  input: Readable & { isTTY?: boolean };
  output: Writable & { columns?: number; isTTY?: boolean };
  errors: Writable;
}
