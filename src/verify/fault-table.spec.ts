import { tableHead, tableLine } from './fault-table.js';

const RESULT = {
  fault: 'kill -9 of the owner',
  streams: 100,
  hit: 34,
  takeovers: 34,
  lost: 0,
  duplicated: 0,
  altered: 1,
  p95StallMs: 2587,
  failures: ['stream 3: a second end'],
};

describe('The table of faults', () => {
  it('has one line for each fault, and what went wrong beneath it', () => {
    expect(`${tableHead()}\n${tableLine(RESULT)}`.split('\n')).toEqual([
      'fault                                        streams   hit takeovers  lost duplicated altered   p95 ms',
      'kill -9 of the owner                             100    34        34     0          0       1     2587',
      '    stream 3: a second end',
    ]);
  });

  it('says why a fault was not tried', () => {
    expect(tableLine({ ...RESULT, notRun: 'this Redis is not ours to restart' })).toBe(
      'kill -9 of the owner                         not run: this Redis is not ours to restart',
    );
  });
});
