import { Injectable } from '@nestjs/common';
import type { Run } from '../run.js';
import { type RunOutcome, RunStore, type StoredAnswer } from '../run-store.port.js';
import { Transcript } from '../transcript.js';
import { type Ending, runEnd } from './run-ending.js';
import { RunOwnership } from './run-ownership.service.js';

/** Ends runs whose owner is dead, from what is stored of them. */
@Injectable()
export class AbandonedRuns {
  constructor(
    private readonly store: RunStore,
    private readonly ownership: RunOwnership,
  ) {}

  /** Takes the run's next term and writes its end: the terminal's seq, or undefined where its owner still holds it. */
  async end(run: Run, ending: Ending): Promise<number | undefined> {
    const epoch = await this.store.grant(run.id, run.epoch, this.ownership.owner, this.ownership.holdMs);
    if (epoch === undefined) return undefined;
    const outcome = outcomeOf(run, epoch, ending, (await this.store.findAnswer(run.id)) ?? NOTHING);
    return (await this.store.finish(outcome)) ? outcome.end.finalSeq : undefined;
  }
}

const NOTHING: StoredAnswer = { content: '', chunkEnds: [] };

function outcomeOf(run: Run, epoch: number, ending: Ending, answer: StoredAnswer): RunOutcome {
  const transcript = new Transcript();
  transcript.content = answer.content;
  transcript.chunkEnds.push(...answer.chunkEnds);
  const finalSeq = (answer.chunkEnds.at(-1)?.[0] ?? 0) + 1;
  return { runId: run.id, epoch, ...answer, status: ending.status, end: { ...runEnd(ending, transcript), finalSeq } };
}
