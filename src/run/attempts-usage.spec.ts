import { AttemptsUsage } from './attempts-usage.js';

const counted = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
});

describe('The usage of an answer', () => {
  it('is what the vendor counted', () => {
    const usage = new AttemptsUsage();
    usage.begin(9, '');
    usage.counted(counted(3, 5));
    expect(usage.total('Hello there')).toEqual(counted(3, 5));
  });

  it('is the sum of all steps', () => {
    const usage = new AttemptsUsage();
    usage.begin(9, '');
    usage.counted(counted(3, 5));
    usage.begin(9, 'Hello');
    usage.counted(counted(10, 2));
    expect(usage.total('Hello there')).toEqual(counted(13, 7));
  });

  it('is our count, marked, where the answer was cut short', () => {
    const usage = new AttemptsUsage();
    usage.begin(4, 'what stood before');
    expect(usage.total('what stood before and four more')).toEqual({ ...counted(4, 4), estimated: true });
  });

  it('holds what a failed attempt said, but nothing of one that said nothing', () => {
    const usage = new AttemptsUsage();
    usage.begin(100, '');
    usage.begin(4, '');
    usage.begin(5, 'four letters here');
    usage.counted(counted(20, 1));
    expect(usage.total('four letters here, more')).toEqual({ ...counted(24, 6), estimated: true });
  });

  it('of text that nobody announced is our count of it', () => {
    expect(new AttemptsUsage().total('four letters')).toEqual({ ...counted(0, 3), estimated: true });
    expect(new AttemptsUsage().total('')).toEqual({ ...counted(0, 0), estimated: true });
  });
});
