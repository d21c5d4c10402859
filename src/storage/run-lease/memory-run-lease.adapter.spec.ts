import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryRunLease } from './memory-run-lease.adapter.js';
import { type LeaseUnderTest, runLeaseContract } from './run-lease.contract.js';

const under = (Lease: typeof MemoryRunLease) => (): LeaseUnderTest => {
  const clock = new FakeClock();
  return { lease: new Lease(clock), pass: async (ms) => clock.advance(ms) };
};

describe('The memory run lease', () => proveContract(runLeaseContract, under(MemoryRunLease)));

class RenewsForAnyone extends MemoryRunLease {
  override async renew(): Promise<boolean> {
    return true;
  }
}

describe('The run lease contract catches', () => {
  it('a lease that anyone can renew', async () => {
    expect(await failingCases(runLeaseContract, under(RenewsForAnyone))).toEqual([
      '1: is free for the next term once it has lapsed, and no longer for the last one',
      '2: lasts as long as its holder renews it',
      '2: is told of each of many that are renewed at once',
      '2: is renewed and released by nobody else',
    ]);
  });
});
