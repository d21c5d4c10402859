import { Continuation } from './continuation.js';

const PRIOR = 'Once upon a time there was a server that never lost a wor';

function joined(prior: string, pieces: readonly string[]): string {
  const continuation = new Continuation(prior);
  return prior + pieces.map((piece) => continuation.take(piece)).join('') + continuation.rest();
}

describe('A continued answer', () => {
  it.each([
    ['goes on within the word', ['d', '.'], 'd.'],
    ['cuts a repeated sentence end', [' that never lost', ' a word.'], 'd.'],
    ['cuts a repeat that is the whole partial answer', [PRIOR, 'd.'], 'd.'],
    ['keeps a short repeat within a word, which may be chance', ['wording.'], 'wording.'],
    ['keeps what only looks alike', ['Once more.'], 'Once more.'],
  ])('%s', (_case, pieces, rest) => {
    expect(joined(PRIOR, pieces)).toBe(PRIOR + rest);
  });

  it('shows the held text as soon as there is enough to judge, and then each piece as it comes', () => {
    const continuation = new Continuation(PRIOR);
    expect(continuation.take('d'.repeat(150))).toBe('');
    expect(continuation.take('d'.repeat(50))).toHaveLength(200);
    expect(continuation.take('e')).toBe('e');
    expect(continuation.rest()).toBe('');
  });

  it('fails where the answer starts over', () => {
    const again = `${PRIOR.slice(0, 40)} who forgot everything.`;
    expect(() => joined(PRIOR, [again])).toThrow(expect.objectContaining({ code: 'PROVIDER_ERROR' }));
  });

  it('passes all text of a fresh answer at once', () => {
    expect(new Continuation('').take('Hi')).toBe('Hi');
  });
});
