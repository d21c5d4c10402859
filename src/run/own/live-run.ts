import type { RunRecorder } from '../record/run-recorder.js';
import type { Run } from '../run.js';
import type { Turn } from '../turn.js';

/**
 * Why a run was cut short: the user stopped it, it took too long, another owner has it, or this node hands it over.
 */
export type Interruption = 'stop' | 'timeout' | 'lost' | 'handover';

/** A run that this node is playing. */
export class LiveRun {
  readonly abort = new AbortController();
  /** Settled when the run is over here, whatever became of it. Never rejects. */
  done: Promise<void> = Promise.resolve();
  private cause: Interruption | undefined;

  constructor(
    readonly run: Run,
    readonly turn: Turn,
    readonly recorder: RunRecorder,
  ) {}

  get interruption(): Interruption | undefined {
    return this.cause;
  }

  /** The first cause counts, except that a lost run is lost whatever else was wished. */
  interrupt(cause: Interruption): void {
    if (this.cause === undefined || cause === 'lost') this.cause = cause;
    this.abort.abort();
  }
}
