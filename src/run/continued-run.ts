import { isTerminal, type RunRecord } from './run-event.js';
import type { RunSource } from './run-source.js';

/**
 * An interrupted run and the runs that went on with its answer, read as one: the records of each without its end, then
 * those of the next without its beginning and the text that stood already. To be read from its start; its seqs grow, with
 * gaps.
 */
export class ContinuedRun implements RunSource {
  readonly runId: string;
  readonly started: RunSource['started'];

  constructor(
    private readonly earlier: readonly RunSource[],
    private readonly last: RunSource,
  ) {
    this.runId = earlier[0]!.runId;
    this.started = earlier[0]!.started;
  }

  get lastSeq(): number {
    return this.earlier.reduce((sum, { lastSeq }) => sum + lastSeq + 1, this.last.lastSeq);
  }

  /** Of the first end that was none: who read on from there, before the crash, may have read what was lost in it. */
  get seamSeq(): number {
    return this.earlier[0]!.lastSeq;
  }

  async *follow(_afterSeq: number, signal: AbortSignal): AsyncIterable<readonly RunRecord[]> {
    const seam = new Seam();
    let base = 0;
    for (const source of this.earlier) {
      for await (const batch of source.follow(-1, signal)) {
        const shown = seam.shown(batch).filter((record) => !isTerminal(record));
        if (shown.length > 0) yield shown.map((record) => ({ ...record, seq: base + record.seq }));
      }
      base += source.lastSeq + 1;
      seam.next();
    }
    for await (const batch of this.last.follow(-1, signal)) {
      yield seam.shown(batch).map((record) => ({ ...record, seq: base + record.seq }));
    }
  }
}

/** Leaves out what was shown of an earlier run. A continuation begins with exactly the text that stood. */
class Seam {
  private standing = 0;
  private seen = 0;
  private isFirst = true;

  /** The records of the next run follow. */
  next(): void {
    this.standing = Math.max(this.standing, this.seen);
    this.seen = 0;
    this.isFirst = false;
  }

  shown(batch: readonly RunRecord[]): RunRecord[] {
    return batch.filter((record) => {
      if (record.type !== 'text.delta') return this.isFirst || !record.type.startsWith('run.') || isTerminal(record);
      this.seen += record.data.text.length;
      return this.seen > this.standing;
    });
  }
}
