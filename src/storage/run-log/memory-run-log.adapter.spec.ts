import { newSecretId } from '../../common/ids.js';
import type { RunRecord } from '../../run/run-event.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRunLog } from './memory-run-log.adapter.js';
import { runLogContract } from './run-log.contract.js';

const open = () => new MemoryRunLog(new FakeClock());

describe('The memory run log', () => {
  proveContract(runLogContract, open);

  it('drops an ended log when its retention is over', async () => {
    const clock = new FakeClock();
    const log = new MemoryRunLog(clock);
    const runId = newSecretId();
    await log.open(runId, 1);
    const end = {
      finishReason: 'stop',
      lastIndex: 0,
      usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
      provider: 'p',
      model: 'm',
    } as const;
    await log.append(runId, [{ seq: 0, epoch: 1, type: 'run.completed', data: end }]);
    await log.retire(runId, 1000);
    clock.advance(999);
    expect(await log.find(runId)).toBeDefined();
    clock.advance(2);
    expect(await log.find(runId)).toBeUndefined();
  });
});

/** Each of these adapters has one bug that such adapters really had. */
class GapOnSubscribe extends MemoryRunLog {
  override async *follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly RunRecord[]> {
    const before = (await this.find(runId))?.nextSeq ?? 0;
    if (before > afterSeq + 1) yield* this.past(runId, afterSeq, before - 1);
    await new Promise(setImmediate);
    const missed = (await this.find(runId))?.nextSeq ?? 0;
    yield* super.follow(runId, Math.max(afterSeq, missed - 1), signal);
  }

  private async *past(runId: string, afterSeq: number, lastSeq: number): AsyncIterable<readonly RunRecord[]> {
    for await (const batch of super.follow(runId, afterSeq, new AbortController().signal)) {
      yield batch.filter((record) => record.seq <= lastSeq);
      if (batch.at(-1)!.seq >= lastSeq) return;
    }
  }
}

class DoubleOnResend extends MemoryRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    const nextSeq = (await this.find(runId))?.nextSeq ?? 0;
    await super.append(
      runId,
      records.map((record, i) => ({ ...record, seq: nextSeq + i })),
    );
  }
}

class AppendsBehindTheEnd extends MemoryRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    await super.append(runId, records).catch(async (error: { reason?: string }) => {
      if (error.reason !== 'ended') throw error;
    });
  }
}

class AcceptsAStaleEpoch extends MemoryRunLog {
  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    const epoch = (await this.find(runId))?.epoch ?? 1;
    await super.append(
      runId,
      records.map((record) => ({ ...record, epoch })),
    );
  }
}

class LosesAWakeUp extends MemoryRunLog {
  override async *follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly RunRecord[]> {
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

describe('The run log contract catches', () => {
  it.each([
    ['a gap on subscribe', GapOnSubscribe, '3: loses nothing that is appended between the past and the wait'],
    ['a double on re-send', DoubleOnResend, '2: takes a batch that is sent again without doubling it'],
    ['an append after the terminal', AppendsBehindTheEnd, '2: refuses anything behind the terminal record'],
    ['a stale epoch accepted', AcceptsAStaleEpoch, '4: fences the owner of an earlier epoch'],
    ['a lost wake-up', LosesAWakeUp, '3: loses nothing that is appended between the past and the wait'],
  ])('%s', async (_bug, Adapter, caughtBy) => {
    const suspects = runLogContract.filter((contractCase) => contractCase.name === caughtBy);
    expect(await failingCases(suspects, () => new Adapter(new FakeClock()))).toEqual([caughtBy]);
  });
});
