import { FakeClock } from '../../../test/support/fake-clock.js';
import { within } from '../../../test/support/within.js';
import { MemoryRunLog } from '../../storage/run-log/memory-run-log.adapter.js';
import type { RunRecord, TerminalType } from '../run-event.js';
import { RunLogRefusal } from '../run-log.port.js';
import { FlushTick } from './flush-tick.js';
import { RunRecorder } from './run-recorder.js';

const END = {
  finishReason: 'stop',
  lastIndex: 0,
  usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
  provider: 'p',
  model: 'm',
} as const;
const end = { type: 'run.completed' as TerminalType, data: END };
const ticks: FlushTick[] = [];

/** A log that holds appends back until the test lets them go. */
class SlowLog extends MemoryRunLog {
  readonly batches: RunRecord[][] = [];
  private gates: (() => void)[] = [];

  override async append(runId: string, records: readonly RunRecord[]): Promise<void> {
    this.batches.push([...records]);
    await new Promise<void>((resolve) => this.gates.push(resolve));
    await super.append(runId, records);
  }

  release(): void {
    this.gates.shift()?.();
  }
}

async function begin(log: MemoryRunLog = new MemoryRunLog(new FakeClock())) {
  const tick = new FlushTick();
  ticks.push(tick);
  await log.open('run', 1);
  const failures: unknown[] = [];
  const recorder = new RunRecorder(log, tick, { runId: 'run', epoch: 1, onFailure: (error) => failures.push(error) });
  const read = async (): Promise<RunRecord[]> => {
    const records: RunRecord[] = [];
    const head = await log.find('run');
    if (head?.nextSeq) {
      for await (const batch of log.follow('run', -1, new AbortController().signal)) {
        records.push(...batch);
        if (records.length >= head.nextSeq) break;
      }
    }
    return records;
  };
  return { log, recorder, failures, read };
}

const texts = (records: RunRecord[]) => records.flatMap((r) => (r.type === 'text.delta' ? [r.data.text] : []));

describe('A run recorder', () => {
  afterEach(() => ticks.splice(0).forEach((tick) => tick.stop()));

  it('logs the first text at once', async () => {
    const { recorder, read } = await begin();
    recorder.add('Hi');
    expect(texts(await read())).toEqual(['Hi']);
  });

  it('gathers later text, numbers chunks without gaps, and keeps the order of all events', async () => {
    const { recorder, read } = await begin();
    for (const text of ['a', 'b', 'c']) recorder.add(text);
    recorder.record({ type: 'usage', data: END.usage });
    recorder.add('d');
    await recorder.settle();
    await recorder.end(end);
    const records = await read();
    expect(records.map((record) => record.seq)).toEqual(records.map((_, i) => i));
    expect(records.map((record) => record.type)).toEqual([
      'text.delta',
      'text.delta',
      'usage',
      'text.delta',
      'run.completed',
    ]);
    expect(records.flatMap((r) => (r.type === 'text.delta' ? [r.data] : []))).toEqual([
      { text: 'a', index: 0, offset: 0 },
      { text: 'bc', index: 1, offset: 1 },
      { text: 'd', index: 2, offset: 3 },
    ]);
    expect(recorder.transcript).toMatchObject({ content: 'abcd', lastSeq: 4 });
  });

  it('logs gathered text with the tick, without being asked', async () => {
    const { log, recorder } = await begin();
    recorder.add('a');
    recorder.add('b');
    const follower = log.follow('run', 0, new AbortController().signal)[Symbol.asyncIterator]();
    const { value } = await within('the tick', follower.next());
    expect(texts(value as RunRecord[])).toEqual(['b']);
  });

  it('lets half a surrogate pair wait for the other half', async () => {
    const { recorder, read } = await begin();
    recorder.add('a\ud83d');
    expect(texts(await read())).toEqual(['a']);
    recorder.add('\ude00b');
    await recorder.settle();
    expect(texts(await read())).toEqual(['a', '😀b']);
  });

  it('has one append under way, and sends what came meanwhile together', async () => {
    const log = new SlowLog(new FakeClock());
    const { recorder } = await begin(log);
    recorder.add('a');
    for (const text of ['b', 'c']) {
      recorder.add(text);
      recorder.flush();
    }
    expect(log.batches.map(texts)).toEqual([['a']]);
    expect(recorder.transcript.content).toBe('');
    log.release();
    const settled = recorder.settle();
    while (log.batches.length < 2) await new Promise(setImmediate);
    log.release();
    await settled;
    expect(log.batches.map(texts)).toEqual([['a'], ['bc']]);
  });

  it('stops writing and says so once when the log refuses', async () => {
    const { log, recorder, failures, read } = await begin();
    recorder.add('a');
    await log.open('run', 2);
    recorder.record({ type: 'usage', data: END.usage });
    await expect(recorder.settle()).rejects.toThrow(RunLogRefusal);
    recorder.add('b');
    await expect(recorder.end(end)).rejects.toThrow(RunLogRefusal);
    expect(failures).toHaveLength(1);
    expect(texts(await read())).toEqual(['a']);
  });
});
