import { Injectable } from '@nestjs/common';
import type { RunRecord, TerminalRecord } from '../run-event.js';
import { RunMetrics } from '../run-metrics.service.js';
import { RunLog } from '../run-log.port.js';
import type { Run } from '../run.js';
import { RunStore } from '../run-store.port.js';
import { Transcript } from '../transcript.js';
import { type Ending, endingOfRecord, runEnd } from './run-ending.js';
import { RunOwnership } from './run-ownership.service.js';

/** How long reading what a dead owner has written may take. */
const READ_LIMIT_MS = 10_000;

/** A run whose owner is dead, in its next term, which is this node's. */
export interface TakenRun {
  /** With the new epoch. */
  run: Run;
  /** What was said so far: from the log where it is there, else from the last checkpoint. */
  transcript: Transcript;
  /** Whether the log is there to go on with. */
  logged: boolean;
  stopRequested: boolean;
}

/** Takes over runs whose owner is dead. The lease says who may try, SQL who succeeds, the log what stands. */
@Injectable()
export class AbandonedRuns {
  constructor(
    readonly store: RunStore,
    private readonly log: RunLog,
    private readonly ownership: RunOwnership,
    private readonly metrics: RunMetrics,
  ) {}

  /**
   * The run in its next term, or undefined where its owner still holds it or another node was faster. What cannot be
   * read is given up again before this rejects: a lease that is renewed while nobody plays would keep all others away.
   */
  async take(run: Run): Promise<TakenRun | undefined> {
    // A lease that has lapsed on a node that was late: its run is not abandoned, and the next renewal takes it back.
    if (this.ownership.has(run.id)) return undefined;
    if (!(await this.ownership.take(run.id, run.epoch + 1))) return undefined;
    return this.ownership.orRelease(run.id, async () => {
      const epoch = await this.store.grant(run.id, run.epoch, this.ownership.owner, this.ownership.holdMs);
      if (epoch !== undefined) return (await this.fromLog({ ...run, epoch })) ?? this.fromStore({ ...run, epoch });
      await this.ownership.release(run.id);
      return undefined;
    });
  }

  /** Writes the end of a taken run and gives it up: the seq of its terminal record, which may have stood already. */
  async end(taken: TakenRun, wanted: Ending): Promise<number | undefined> {
    const { run, transcript, logged } = taken;
    const ending = transcript.end ? endingOfRecord(transcript.end) : wanted;
    const data = transcript.end?.data ?? runEnd(ending, transcript);
    const finalSeq = transcript.end?.seq ?? transcript.lastSeq + 1;
    const { lastIndex: _derived, ...stored } = data;
    const { content, chunkEnds } = transcript;
    const calls = ending.finishReason === 'tool_calls' ? transcript.openCalls : [];
    const end = { ...stored, finalSeq };
    try {
      const outcome = { runId: run.id, epoch: run.epoch, content, chunkEnds, calls, status: ending.status, end };
      if (!(await this.store.finish(outcome))) return undefined;
      this.metrics.ended(outcome);
      const terminal = { seq: finalSeq, epoch: run.epoch, type: ending.type, data } as TerminalRecord;
      if (logged && !transcript.end) await this.log.append(run.id, [terminal]);
      return finalSeq;
    } finally {
      await this.ownership.release(run.id);
    }
  }

  private async fromLog(run: Run): Promise<TakenRun | undefined> {
    if (!this.log.shared || !(await this.log.find(run.id))) return undefined;
    const head = await this.log.open(run.id, run.epoch);
    if (head.nextSeq === 0) return undefined;
    const transcript = new Transcript();
    for (const record of await this.readUpTo(run.id, head.nextSeq - 1)) transcript.apply(record);
    return { run, transcript, logged: true, stopRequested: run.stopRequested || head.stopRequested };
  }

  private async fromStore(run: Run): Promise<TakenRun> {
    const transcript = new Transcript();
    const answer = await this.store.findAnswer(run.id);
    transcript.content = answer?.content ?? '';
    transcript.chunkEnds.push(...(answer?.chunkEnds ?? []));
    transcript.lastSeq = transcript.chunkEnds.at(-1)?.[0] ?? 0;
    return { run, transcript, logged: false, stopRequested: run.stopRequested };
  }

  private async readUpTo(runId: string, lastSeq: number): Promise<RunRecord[]> {
    const records: RunRecord[] = [];
    for await (const batch of this.log.follow(runId, -1, AbortSignal.timeout(READ_LIMIT_MS))) {
      records.push(...batch);
      if (records.length > lastSeq) return records;
    }
    throw new Error(`the log of run ${runId} could not be read up to ${lastSeq}`);
  }
}
