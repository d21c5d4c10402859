import { jest } from '@jest/globals';
import type { RunLog } from '../run-log.port.js';
import type { RunMetrics } from '../run-metrics.service.js';
import type { Checkpoint, RunStore } from '../run-store.port.js';
import type { RunRecorder } from '../record/run-recorder.js';
import { Transcript } from '../transcript.js';
import { AnswerKeeper } from './answer-keeper.service.js';

const CHECKPOINT_MS = 250;

/** An answer that grows, and a keeper whose store does with each checkpoint what `outcomes` says: next is `kept`. */
function begin() {
  const transcript = new Transcript();
  const recorder = { runId: 'run', epoch: 1, transcript } as RunRecorder;
  const sent: Checkpoint[] = [];
  const outcomes: ('kept' | 'refused' | 'broken')[] = [];
  const database = { takesMs: 0 };
  const checkpoint = async (checkpoints: readonly Checkpoint[]): Promise<ReadonlySet<string>> => {
    sent.push(...checkpoints);
    if (database.takesMs > 0) await new Promise((resolve) => setTimeout(resolve, database.takesMs));
    const outcome = outcomes.shift() ?? 'kept';
    if (outcome === 'broken') throw new Error('the connection broke');
    return new Set(outcome === 'kept' ? ['run'] : []);
  };
  const keeper = new AnswerKeeper({ checkpoint } as RunStore, { shared: false } as RunLog, {} as RunMetrics);
  keeper.watch(recorder);
  const say = (text: string): void => {
    const [seq, index, offset] = [transcript.lastSeq + 1, transcript.lastIndex + 1, transcript.content.length];
    transcript.apply({ type: 'text.delta', seq, epoch: 1, data: { text, index, offset } });
  };
  /** Says it, and lets the time of a checkpoint pass: what was sent then. */
  const kept = async (text: string): Promise<Checkpoint[]> => {
    say(text);
    await jest.advanceTimersByTimeAsync(CHECKPOINT_MS);
    return sent.splice(0);
  };
  return { keeper, recorder, outcomes, database, sent, say, kept };
}

describe('The keeper of answers', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('sends what is new of a running answer, and nothing where nothing is', async () => {
    const { keeper, kept, say } = begin();
    say('one');
    const [first, second] = [
      [0, 3],
      [1, 7],
    ] as const;
    expect(await kept(' two')).toMatchObject([{ behind: 0, content: 'one two', chunkEnds: [first, second] }]);
    expect(await kept(' three')).toMatchObject([{ behind: 2, content: ' three', chunkEnds: [[2, 13]] }]);
    await jest.advanceTimersByTimeAsync(10 * CHECKPOINT_MS);
    expect(await kept('.')).toMatchObject([{ behind: 3, content: '.', chunkEnds: [[3, 14]] }]);
    await keeper.beforeApplicationShutdown();
  });

  it.each(['refused', 'broken'] as const)('sends all of it again after one that was %s', async (outcome) => {
    const { keeper, kept, outcomes } = begin();
    await kept('one');
    outcomes.push(outcome);
    expect(await kept(' two')).toMatchObject([{ behind: 1, content: ' two' }]);
    expect(await kept(' three')).toMatchObject([{ behind: 0, content: 'one two three' }]);
    expect(await kept(' four')).toMatchObject([{ behind: 3, content: ' four' }]);
    await keeper.beforeApplicationShutdown();
  });

  it('leaves a slow database twice the time that it took', async () => {
    const { keeper, kept, say, sent, database } = begin();
    database.takesMs = 400;
    expect(await kept('one')).toHaveLength(1);
    say(' two');
    await jest.advanceTimersByTimeAsync(400 + 799);
    expect(sent).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(sent).toMatchObject([{ behind: 1, content: ' two' }]);
    await keeper.beforeApplicationShutdown();
  });

  it('sends nothing of an answer that is over', async () => {
    const { keeper, recorder, kept } = begin();
    await kept('one');
    keeper.release(recorder);
    expect(await kept(' two')).toEqual([]);
  });
});
