/** Who holds a run, and in which term. */
export interface LeaseHolder {
  owner: string;
  epoch: number;
}

/**
 * Tells fast whether the owner of a run is alive. Time is the store's. Guarantees (run-lease.contract.ts):
 *  1. At most one holder at a time; a lapsed lease is free for a holder whose epoch is not lower than the last one's.
 *  2. `renew` and `release` act only for the present holder and tell whether they did.
 */
export abstract class RunLease {
  abstract acquire(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean>;
  /** True at once where nothing is to be waited for: a node renews the leases of all its runs again and again. */
  abstract renew(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> | true;
  abstract release(runId: string, holder: LeaseHolder): Promise<boolean>;
  /** The present holder, or undefined where the lease has lapsed or was released. */
  abstract find(runId: string): Promise<LeaseHolder | undefined>;
}
