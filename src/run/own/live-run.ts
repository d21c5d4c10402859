import type { Span } from '@opentelemetry/api';
import { beginSpan, endSpan, traceParentOf, within } from '../../observability/tracing.js';
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
  private timer: NodeJS.Timeout | undefined;
  private leftMs = Infinity;
  private since = 0;
  private waits = 0;

  /** With the trace that the run's log tells of. */
  readonly turn: Turn;
  private readonly span: Span;

  constructor(
    readonly run: Run,
    turn: Turn,
    readonly recorder: RunRecorder,
  ) {
    this.span = beginSpan(
      { name: 'run', attributes: { 'talksy.run.id': run.id, 'talksy.run.epoch': run.epoch } },
      turn.trace,
    );
    const trace = traceParentOf(this.span);
    this.turn = trace ? { ...turn, trace } : turn;
  }

  /** Does what belongs to this run's part of the trace. */
  traced<T>(work: () => T): T {
    return within(this.span, work);
  }

  /** Ends its part of the trace. */
  endTrace(): void {
    const { end } = this.recorder.transcript;
    if (end) this.span.setAttribute('talksy.run.finish_reason', end.data.finishReason);
    endSpan(this.span, end?.data.error);
  }

  get interruption(): Interruption | undefined {
    return this.cause;
  }

  /** Cuts the run short when it has taken so long. */
  limit(ms: number): void {
    this.leftMs = ms;
    this.since = performance.now();
    this.timer = setTimeout(() => this.interrupt('timeout'), ms).unref();
  }

  unlimit(): void {
    clearTimeout(this.timer);
  }

  /** Time in which it waits for a person does not count; several of its calls may wait at once. */
  wait(forPerson: boolean): void {
    this.waits += forPerson ? 1 : -1;
    if (this.waits === 0) this.limit(this.leftMs);
    if (this.waits !== 1 || !forPerson) return;
    this.unlimit();
    this.leftMs -= performance.now() - this.since;
  }

  /** The first cause counts, except that a lost run is lost whatever else was wished. */
  interrupt(cause: Interruption): void {
    if (this.cause === undefined || cause === 'lost') this.cause = cause;
    this.abort.abort();
  }
}
