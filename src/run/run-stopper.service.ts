import { Injectable } from '@nestjs/common';
import { CANCELLED } from './own/run-ending.js';
import { AbandonedRuns } from './own/abandoned-runs.service.js';
import { isTerminal, type TerminalRecord } from './run-event.js';
import { RunLog } from './run-log.port.js';
import { RunReader } from './run-reader.service.js';
import { RunStore } from './run-store.port.js';

export interface StopResult {
  runId: string;
  status: 'cancelled' | 'cancelling' | 'already_ended';
  /** Seq of the terminal record: nothing beyond it is ever shown. Absent while the owner has not written it yet. */
  finalSeq?: number;
}

/** How long a stop waits for a living owner to write the end. */
const OWNER_PATIENCE_MS = 1000;

/** Stops runs: the request is on record before it is acknowledged, and a second stop gets the answer of the first. */
@Injectable()
export class RunStopper {
  constructor(
    private readonly log: RunLog,
    private readonly store: RunStore,
    private readonly reader: RunReader,
    private readonly abandoned: AbandonedRuns,
  ) {}

  /** Throws RUN_NOT_FOUND. */
  async stop(runId: string, userId: string): Promise<StopResult> {
    const run = await this.reader.requireRun(runId, userId);
    if (run.status !== 'running') return ended(runId, run.status === 'cancelled', run.end?.finalSeq);
    await this.store.requestStop(runId);
    if (await this.log.requestStop(runId)) return this.awaitEnd(runId);
    const finalSeq = await this.abandoned.end(run, CANCELLED);
    return finalSeq === undefined ? { runId, status: 'cancelling' } : ended(runId, true, finalSeq);
  }

  private async awaitEnd(runId: string): Promise<StopResult> {
    const patience = AbortSignal.timeout(OWNER_PATIENCE_MS);
    const head = await this.log.find(runId);
    let end: TerminalRecord | undefined;
    const lastButOne = Math.max(-1, (head?.nextSeq ?? 0) - 2);
    for await (const batch of this.log.follow(runId, lastButOne, patience)) end = batch.find(isTerminal);
    return end ? ended(runId, end.type === 'run.cancelled', end.seq) : { runId, status: 'cancelling' };
  }
}

function ended(runId: string, cancelled: boolean, finalSeq: number | undefined): StopResult {
  return { runId, status: cancelled ? 'cancelled' : 'already_ended', ...(finalSeq !== undefined && { finalSeq }) };
}
