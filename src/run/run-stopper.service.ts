import { Injectable } from '@nestjs/common';
import { AbandonedRuns } from './own/abandoned-runs.service.js';
import { CANCELLED } from './own/run-ending.js';
import { RunOwnership } from './own/run-ownership.service.js';
import { isTerminal, type TerminalRecord } from './run-event.js';
import { RunLog } from './run-log.port.js';
import { RunReader } from './run-reader.service.js';
import { RunStore } from './run-store.port.js';
import { isEnded } from './run.js';

export interface StopResult {
  runId: string;
  status: 'cancelled' | 'cancelling' | 'already_ended';
  /** Seq of the terminal record: nothing beyond it is ever shown. Absent while the owner has not written it yet. */
  finalSeq?: number;
}

/** How often a stop looks whether the owner is still alive. */
const LOOK_MS = 250;
/** How long a stop waits for the end, beyond the life of a dead owner's lease. */
const PATIENCE_MS = 2000;

/** Stops runs: the request is on record before it is acknowledged, and a second stop gets the answer of the first. */
@Injectable()
export class RunStopper {
  constructor(
    private readonly log: RunLog,
    private readonly store: RunStore,
    private readonly reader: RunReader,
    private readonly abandoned: AbandonedRuns,
    private readonly ownership: RunOwnership,
  ) {}

  /** Throws RUN_NOT_FOUND; FORBIDDEN for who may only read. A living owner writes the end; for a dead one this node takes the run over and does. */
  async stop(runId: string, userId: string): Promise<StopResult> {
    const run = await this.reader.requireRun(runId, userId, 'write');
    if (isEnded(run)) return ended(runId, run.status === 'cancelled', run.end?.finalSeq);
    await this.store.requestStop(runId);
    const logged = await this.log.requestStop(runId);
    const deadline = performance.now() + (logged ? this.ownership.holdMs + PATIENCE_MS : 0);
    do {
      const end = logged && (await this.endWithin(runId, LOOK_MS));
      if (end) return ended(runId, end.type === 'run.cancelled', end.seq);
      const finalSeq = await this.endForDeadOwner(runId);
      if (finalSeq !== undefined) return ended(runId, true, finalSeq);
    } while (performance.now() < deadline);
    return { runId, status: 'cancelling' };
  }

  private async endWithin(runId: string, ms: number): Promise<TerminalRecord | undefined> {
    const head = await this.log.find(runId);
    const lastButOne = Math.max(-1, (head?.nextSeq ?? 0) - 2);
    let end: TerminalRecord | undefined;
    for await (const batch of this.log.follow(runId, lastButOne, AbortSignal.timeout(ms))) end = batch.find(isTerminal);
    return end;
  }

  private async endForDeadOwner(runId: string): Promise<number | undefined> {
    if (await this.ownership.isHeld(runId)) return undefined;
    const run = await this.store.find(runId);
    if (!run || isEnded(run)) return run?.end?.finalSeq;
    const taken = await this.abandoned.take(run);
    return taken && this.abandoned.end(taken, CANCELLED);
  }
}

function ended(runId: string, cancelled: boolean, finalSeq: number | undefined): StopResult {
  return { runId, status: cancelled ? 'cancelled' : 'already_ended', ...(finalSeq !== undefined && { finalSeq }) };
}
