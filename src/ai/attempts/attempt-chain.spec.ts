import { TalksyError } from '../../common/errors/talksy-error.js';
import type { Candidate } from '../model-table.js';
import { type FailureKind, ProviderFailure } from '../provider-failure.js';
import { AttemptChain } from './attempt-chain.js';

const LIMITS = { retries: 2, patienceMs: 20_000 };
const NOTHING = { text: false, calls: false };
const SOME_TEXT = { text: true, calls: false };

const candidates = (...names: string[]) => names.map((provider) => ({ provider }) as Candidate);
const failure = (kind: FailureKind, retryAfterMs?: number) =>
  new ProviderFailure('PROVIDER_UNAVAILABLE', kind, retryAfterMs === undefined ? {} : { retryAfterMs });

/** Who is asked when each attempt fails like this, with the waits before; then why it ended. */
function course(chain: AttemptChain, fails: (n: number) => [error: unknown, said?: typeof NOTHING, atMs?: number]) {
  const asked: string[] = [];
  try {
    for (let n = 1; n < 20; n++) {
      const { candidate, waitMs } = chain.next(0);
      asked.push(waitMs > 0 ? `${candidate.provider} after ${waitMs}` : candidate.provider);
      const [error, said = NOTHING, atMs = 0] = fails(n);
      chain.failed(error, said, atMs, 0.5);
    }
  } catch (error) {
    asked.push(error instanceof TalksyError ? error.code : String(error));
  }
  return asked;
}

describe('The chain of attempts', () => {
  it('tries again what may pass, with growing pauses, and then asks the next', () => {
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    expect(course(chain, () => [failure('passing')])).toEqual([
      'a',
      'a after 125',
      'a after 250',
      'b',
      'b after 125',
      'b after 250',
      'PROVIDER_UNAVAILABLE',
    ]);
  });

  it.each<FailureKind>(['refused', 'faulty'])('asks nobody twice whose failure is %s', (kind) => {
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    expect(course(chain, () => [failure(kind)])).toEqual(['a', 'b', 'PROVIDER_UNAVAILABLE']);
  });

  it('asks nobody again who has said something, but the next to go on', () => {
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    expect(course(chain, () => [failure('passing'), SOME_TEXT])).toEqual(['a', 'b', 'PROVIDER_UNAVAILABLE']);
  });

  it('waits as long as the vendor asks where nobody else could answer', () => {
    expect(course(new AttemptChain(candidates('a'), LIMITS), () => [failure('passing', 7000)])).toEqual([
      'a',
      'a after 7000',
      'a after 7000',
      'PROVIDER_UNAVAILABLE',
    ]);
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    expect(course(chain, () => [failure('passing', 1001)]).slice(0, 2)).toEqual(['a', 'b']);
  });

  it('tries nobody again whose time is over, or would be', () => {
    const late = new AttemptChain(candidates('a'), LIMITS);
    expect(course(late, () => [failure('passing'), NOTHING, 20_001])).toEqual(['a', 'PROVIDER_UNAVAILABLE']);
    const slow = new AttemptChain(candidates('a'), LIMITS);
    expect(course(slow, () => [failure('passing', 20_001)])).toEqual(['a', 'PROVIDER_UNAVAILABLE']);
  });

  it('ends at once for what no provider is to blame for', () => {
    const chain = (): AttemptChain => new AttemptChain(candidates('a', 'b'), LIMITS);
    expect(course(chain(), () => [new TalksyError('VALIDATION_ERROR')])).toEqual(['a', 'VALIDATION_ERROR']);
    expect(course(chain(), () => [new Error('a bug')])).toEqual(['a', 'Error: a bug']);
  });

  it('ends behind a tool call: it may have been run', () => {
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    const calls = { text: false, calls: true };
    expect(course(chain, () => [failure('passing'), calls])).toEqual(['a', 'PROVIDER_UNAVAILABLE']);
  });

  it('passes over open circuits, and says when to come back where all are', () => {
    const chain = new AttemptChain(candidates('a', 'b'), LIMITS);
    chain.next(0);
    chain.shut(9000);
    expect(chain.next(0).candidate.provider).toBe('b');
    chain.shut(4000);
    expect(() => chain.next(0)).toThrow(expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: 4000 }));
  });

  it('has nobody to ask where nobody is', () => {
    expect(() => new AttemptChain([], LIMITS).next(0)).toThrow(
      expect.objectContaining({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: undefined }),
    );
  });
});
