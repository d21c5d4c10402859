import { Worker } from 'node:worker_threads';
import type { GuestJob, GuestLimits, GuestOutcome } from './guest-run.js';

/** Compiled, the worker is JavaScript; under Jest it is TypeScript, whose types Node strips. */
const WORKER_URL = new URL(`./sandbox.worker${import.meta.url.slice(-3)}`, import.meta.url);
/** Of the thread itself; the interpreters' memory has its own limit. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };

/** A thread that runs one program after the other. Once it has failed it is of no more use. */
export class SandboxThread {
  private readonly worker: Worker;
  private isOver = false;

  constructor(wasm: WebAssembly.Module, limits: GuestLimits) {
    const workerData = { wasm, limits };
    this.worker = new Worker(WORKER_URL, { workerData, env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    this.worker.unref();
    this.worker.on('error', () => (this.isOver = true));
    this.worker.on('exit', () => (this.isOver = true));
  }

  get usable(): boolean {
    return !this.isOver;
  }

  /** Ends the thread when `limit` aborts. Resolves with undefined where the thread ended before the program did. */
  async run(job: GuestJob, limit: AbortSignal): Promise<GuestOutcome | undefined> {
    const { promise, resolve } = Promise.withResolvers<GuestOutcome | undefined>();
    const onMessage = (outcome: GuestOutcome): void => resolve(outcome);
    const onEnd = (): void => resolve(undefined);
    const onLimit = (): void => void this.end();
    this.worker.once('message', onMessage).once('error', onEnd).once('exit', onEnd);
    limit.addEventListener('abort', onLimit, { once: true });
    this.worker.postMessage(job);
    if (limit.aborted) onLimit();
    return promise.finally(() => {
      this.worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      limit.removeEventListener('abort', onLimit);
    });
  }

  /** Ends the thread, whatever it is doing. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.worker.terminate();
  }
}
