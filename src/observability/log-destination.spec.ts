import { logDestination } from './log-destination.js';

describe('Talksy', () => {
  it.each(['json', 'pretty'] as const)('writes %s lines in this process, without a worker', (format) => {
    const destination = logDestination({ level: 'info', format }, false);
    expect(destination.write).toEqual(expect.any(Function));
  });
});
