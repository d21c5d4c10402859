import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { GuestLimits, GuestOutcome } from './guest-run.js';
import { SandboxThread } from './sandbox-thread.js';

const LIMITS: GuestLimits = { interruptMs: 200, memoryBytes: 16 * 1024 * 1024, outputChars: 16_384 };
/** After this the thread is ended: for what the interpreter cannot interrupt, and for a machine that is busy. */
const HARD_LIMIT_MS = 3000;
/** Threads that run programs at once; programs beyond them wait. */
const THREADS = 2;

/** Runs programs that nobody vouches for, each in a fresh interpreter in a thread that can be ended. */
@Injectable()
export class Sandbox implements OnModuleDestroy {
  private readonly idle: SandboxThread[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;
  private wasm: Promise<WebAssembly.Module> | undefined;
  private readonly closing = new AbortController();

  constructor(private readonly hardLimitMs = HARD_LIMIT_MS) {}

  /** `input` must be JSON. Throws TOOL_TIMEOUT where the program had to be ended; rejects when `signal` aborts. */
  async run(code: string, input: unknown, signal: AbortSignal): Promise<GuestOutcome> {
    await this.turn(signal);
    const limit = AbortSignal.any([signal, this.closing.signal, AbortSignal.timeout(this.hardLimitMs)]);
    const thread = this.idle.pop() ?? (await this.start());
    try {
      const outcome = await thread.run({ code, input: JSON.stringify(input ?? null) }, limit);
      signal.throwIfAborted();
      if (outcome) return outcome;
      const message = limit.aborted ? 'The program took too long.' : 'The program needed too much memory.';
      throw new TalksyError('TOOL_TIMEOUT', message);
    } finally {
      if (thread.usable) this.idle.push(thread);
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.idle.splice(0).map((thread) => thread.end()));
  }

  private async turn(signal: AbortSignal): Promise<void> {
    while (this.busy >= THREADS) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.busy += 1;
  }

  private async start(): Promise<SandboxThread> {
    this.wasm ??= compile();
    return new SandboxThread(await this.wasm, LIMITS);
  }
}

async function compile(): Promise<WebAssembly.Module> {
  const path = fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'));
  return WebAssembly.compile(await readFile(path));
}
