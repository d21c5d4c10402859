import type { RunRecord } from '../../run/run-event.js';
import { type LogHead, type RecordStream, RunLog } from '../../run/run-log.port.js';

/** Passes everything on to an adapter: what a planted bug changes one thing of. */
class DelegatingRunLog extends RunLog {
  override readonly shared: boolean;

  constructor(private readonly inner: RunLog) {
    super();
    this.shared = inner.shared;
  }

  override open(runId: string, epoch: number): Promise<LogHead> {
    return this.inner.open(runId, epoch);
  }

  override append(runId: string, records: readonly RunRecord[]): Promise<void> | undefined {
    return this.inner.append(runId, records);
  }

  override find(runId: string): Promise<LogHead | undefined> {
    return this.inner.find(runId);
  }

  override follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream {
    return this.inner.follow(runId, afterSeq, signal);
  }

  override requestStop(runId: string): Promise<boolean> {
    return this.inner.requestStop(runId);
  }

  override untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean> {
    return this.inner.untilStopRequested(runId, signal);
  }

  override retire(runId: string, retentionMs: number): Promise<void> {
    return this.inner.retire(runId, retentionMs);
  }
}

class GapOnSubscribe extends DelegatingRunLog {
  override async *follow(
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RunRecord[], void> {
    const before = (await this.find(runId))?.nextSeq ?? 0;
    if (before > afterSeq + 1) yield* this.past(runId, afterSeq, before - 1);
    let missed = before;
    // Listens only when something has come: what was appended in between is lost.
    for (const until = Date.now() + 1000; missed === before && !signal.aborted && Date.now() < until;) {
      await new Promise(setImmediate);
      missed = (await this.find(runId))?.nextSeq ?? Infinity;
    }
    yield* super.follow(runId, Math.max(afterSeq, missed - 1), signal);
  }

  private async *past(runId: string, afterSeq: number, lastSeq: number): AsyncIterable<readonly RunRecord[]> {
    for await (const batch of super.follow(runId, afterSeq, new AbortController().signal)) {
      yield batch.filter((record) => record.seq <= lastSeq);
      if (batch.at(-1)!.seq >= lastSeq) return;
    }
  }
}

class DoubleOnResend extends DelegatingRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    const nextSeq = (await this.find(runId))?.nextSeq ?? 0;
    await super.append(
      runId,
      records.map((record, i) => ({ ...record, seq: nextSeq + i })),
    );
  }
}

class AppendsBehindTheEnd extends DelegatingRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    await Promise.resolve(super.append(runId, records)).catch(async (error: { reason?: string }) => {
      if (error.reason !== 'ended') throw error;
    });
  }
}

class AcceptsAStaleEpoch extends DelegatingRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    const epoch = (await this.find(runId))?.epoch ?? 1;
    await super.append(
      runId,
      records.map((record) => ({ ...record, epoch })),
    );
  }
}

class LosesAWakeUp extends DelegatingRunLog {
  override async *follow(
    runId: string,
    afterSeq: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RunRecord[], void> {
    let next = afterSeq + 1;
    for (const head = await this.find(runId); head;) {
      const now = await this.find(runId);
      if (now && now.nextSeq > next) {
        const batch = super.follow(runId, next - 1, signal)[Symbol.asyncIterator]();
        const { value } = await batch.next();
        await batch.return?.();
        next += value.length;
        yield value;
      }
      if (now?.terminal && next > now.terminal.seq) return;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      if (signal.aborted) return;
    }
  }
}

class GivesWithoutRoom extends DelegatingRunLog {
  override follow(runId: string, afterSeq: number, signal: AbortSignal): RecordStream {
    const records = super.follow(runId, afterSeq, signal);
    return {
      [Symbol.asyncIterator]: () => records[Symbol.asyncIterator](),
      pushTo: async (take) => {
        for await (const batch of records) void take(batch);
      },
    };
  }
}

type Bug = new (inner: RunLog) => RunLog;

/** Bugs that such adapters really had, and the case of the contract that catches each on every adapter. */
export const plantedRunLogBugs: readonly [bug: string, adapter: Bug, caughtBy: string][] = [
  ['a gap on subscribe', GapOnSubscribe, '3: loses nothing that is appended between the past and the wait'],
  ['a double on re-send', DoubleOnResend, '2: takes a batch that is sent again without doubling it'],
  ['an append after the terminal', AppendsBehindTheEnd, '2: refuses anything behind the terminal record'],
  ['a stale epoch accepted', AcceptsAStaleEpoch, '4: fences the owner of an earlier epoch'],
  ['a batch for which there is no room', GivesWithoutRoom, '3: gives a reader each record when it has room for it'],
  ['a lost wake-up', LosesAWakeUp, '3: loses nothing that is appended between the past and the wait'],
];
