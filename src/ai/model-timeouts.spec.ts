import { within } from '../../test/support/within.js';
import { type ModelTimeouts, readWithin } from './model-timeouts.js';

const LONG = { firstTokenMs: 60_000, idleMs: 60_000 };
const NEVER = new AbortController().signal;
const silence = new Promise<never>(() => undefined);

/** A model that says its words and then never again, heedless of any signal. */
async function* saysThenHangs(...words: string[]): AsyncIterable<string> {
  yield* words;
  await silence;
}

type Open = (signal: AbortSignal) => AsyncIterable<string>;

async function heard(open: Open, timeouts: ModelTimeouts, signal: AbortSignal): Promise<string[]> {
  const words: string[] = [];
  try {
    await readWithin(open, timeouts, signal, (word) => void words.push(word));
  } catch (error) {
    words.push(`failed: ${(error as { code?: string }).code ?? String(error)}`);
  }
  return words;
}

describe('The timeouts of a model', () => {
  it('let an answer through that comes in time', async () => {
    const signals: AbortSignal[] = [];
    const open = async function* (signal: AbortSignal) {
      signals.push(signal);
      yield* ['a', 'b'];
    };
    expect(await heard(open, LONG, NEVER)).toEqual(['a', 'b']);
    expect(signals[0]!.aborted).toBe(false);
  });

  it('end a model that says nothing', async () => {
    const answer = heard(() => saysThenHangs(), { ...LONG, firstTokenMs: 5 }, NEVER);
    expect(await within('the timeout', answer)).toEqual(['failed: PROVIDER_TIMEOUT']);
  });

  it('end a model that falls silent', async () => {
    const answer = heard(() => saysThenHangs('a', 'b'), { ...LONG, idleMs: 5 }, NEVER);
    expect(await within('the timeout', answer)).toEqual(['a', 'b', 'failed: PROVIDER_TIMEOUT']);
  });

  it('abort the upstream with the reason', async () => {
    let upstream: AbortSignal | undefined;
    const open = (signal: AbortSignal) => {
      upstream = signal;
      return saysThenHangs();
    };
    await within('the timeout', heard(open, { ...LONG, firstTokenMs: 5 }, NEVER));
    expect(upstream!.reason).toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  });

  it('do not count the time that the consumer takes', async () => {
    const open = async function* () {
      yield* ['a', 'b', 'c'];
    };
    const words: string[] = [];
    await readWithin(open, { firstTokenMs: 20, idleMs: 20 }, NEVER, (word) => {
      const began = performance.now();
      while (performance.now() - began < 30);
      words.push(word);
    });
    expect(words).toEqual(['a', 'b', 'c']);
  });

  it('pass a failure on', async () => {
    const open = async function* (): AsyncIterable<string> {
      yield 'a';
      throw new Error('broken');
    };
    expect(await heard(open, LONG, NEVER)).toEqual(['a', 'failed: Error: broken']);
  });

  it('end at once when the caller aborts, also with a model that does not listen', async () => {
    const stop = new AbortController();
    const answer = heard(() => saysThenHangs('a'), LONG, stop.signal);
    await new Promise(setImmediate);
    stop.abort(new Error('enough'));
    expect(await within('the end', answer)).toEqual(['a', 'failed: Error: enough']);
  });

  it('ask no model for a caller that has left', async () => {
    const open = (): AsyncIterable<string> => {
      throw new Error('asked');
    };
    expect(await heard(open, LONG, AbortSignal.abort(new Error('gone')))).toEqual(['failed: Error: gone']);
  });

  it('give nothing to a caller that has left', async () => {
    const stop = new AbortController();
    const say = Promise.withResolvers<void>();
    const open = async function* () {
      yield 'a';
      await say.promise;
      yield 'b';
    };
    const answer = heard(open, LONG, stop.signal);
    await new Promise(setImmediate);
    stop.abort(new Error('enough'));
    say.resolve();
    expect(await within('the end', answer)).toEqual(['a', 'failed: Error: enough']);
    await new Promise(setImmediate);
    expect(await answer).toEqual(['a', 'failed: Error: enough']);
  });

  it('count anew from each batch on', async () => {
    const open = async function* () {
      for (const word of ['a', 'b', 'c', 'd', 'e']) {
        const began = performance.now();
        while (performance.now() - began < 150) await new Promise(setImmediate);
        yield word;
      }
    };
    expect(await within('the answer', heard(open, { firstTokenMs: 600, idleMs: 600 }, NEVER))).toHaveLength(5);
  });

  it('abort the upstream when the consumer fails', async () => {
    let upstream: AbortSignal | undefined;
    const open = (signal: AbortSignal) => {
      upstream = signal;
      return saysThenHangs('a');
    };
    const reading = readWithin(open, LONG, NEVER, () => {
      throw new Error('no room');
    });
    await expect(reading).rejects.toThrow('no room');
    expect(upstream!.aborted).toBe(true);
  });
});
