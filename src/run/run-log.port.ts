import type { RunRecord, TerminalRecord } from './run-event.js';

/** Where a log stands. `nextSeq` is the seq that the next record must have. */
export interface LogHead {
  epoch: number;
  nextSeq: number;
  terminal: TerminalRecord | undefined;
  stopRequested: boolean;
}

/**
 * What was said in every run. One owner per epoch appends, any number of readers follow. Guarantees (run-log.contract.ts,
 * on every adapter):
 *  1. seq is 0, 1, 2, … per run; a batch is appended whole or not at all; what `append` took is readable.
 *  2. A batch sent again with equal records changes nothing and resolves. Any other record at a taken seq, a gap, a
 *     lower epoch than the log's, or anything behind the terminal record is refused: RunLogRefusal.
 *  3. `follow(run, n)` yields n+1, n+2, … in order, no gap, no repeat, no lost wake-up, and ends with the terminal.
 *  4. `open` raises the epoch for good: from its return on, nothing with a lower epoch is appended.
 *  5. A stop request is kept until the log is dropped, however often it is made, and wakes the owner.
 */
export abstract class RunLog {
  /** Whether other nodes read the same log. */
  abstract readonly shared: boolean;
  /** Begins a term; creates the log where there is none. Rejects with RunLogRefusal when the log has a higher epoch. */
  abstract open(runId: string, epoch: number): Promise<LogHead>;
  /** Undefined where the log has taken them already: nothing is to be waited for. */
  abstract append(runId: string, records: readonly RunRecord[]): Promise<void> | undefined;
  abstract find(runId: string): Promise<LogHead | undefined>;
  /** Batches of at most `FOLLOW_BATCH` records. Ends without a terminal when `signal` aborts or the log is unknown. */
  abstract follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream;
  /** False where there is no such log. */
  abstract requestStop(runId: string): Promise<boolean>;
  /** Resolves true once a stop is asked for, at once if it was before; false when `signal` aborts first. */
  abstract untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean>;
  /** Keeps the log for `retentionMs` more if it has ended, then drops it; readers of a dropped log are sent away. */
  abstract retire(runId: string, retentionMs: number): Promise<void>;

  /**
   * Says when followers here may be shown what a shared log cannot take now: only while no other node can take the run
   * over. Asked again and again while the log cannot be reached; never, unless told. What was shown is logged later.
   */
  allowUnlogged(_mayDeliverUnlogged: MayDeliverUnlogged): void {
    // A log in memory takes everything.
  }
}

/** Takes a batch. What it returns is waited for before the next is given. */
export type TakeRecords = (batch: readonly RunRecord[]) => Promise<void> | undefined;

/** The records that follow, in batches. */
export interface RecordStream extends AsyncIterable<readonly RunRecord[]> {
  /**
   * Gives all of them by plain calls, in the moment of the append: a promise less for each token of each reader. Resolves
   * at the end, rejects as `take` throws or rejects. Only where records are kept in this process.
   */
  pushTo?(take: TakeRecords): Promise<void>;
}

export type MayDeliverUnlogged = (runId: string) => boolean | Promise<boolean>;

export const FOLLOW_BATCH = 64;

export type RefusalReason = 'stale-epoch' | 'ended' | 'seq-taken' | 'gap';

/** An append that the log must not take. Not for clients: it tells an owner that it no longer is one, or of a bug. */
export class RunLogRefusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    readonly runId: string,
  ) {
    super(`run log ${runId} refused an append: ${reason}`);
    this.name = 'RunLogRefusal';
  }
}
