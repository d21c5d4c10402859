import type { ContractCase } from '../../../test/support/contract.js';
import type { RunBench } from './run-bench.contract.js';
import { runBranchContract } from './run-branch.contract.js';
import { runBusyContract } from './run-busy.contract.js';
import { runClaimContract } from './run-claim.contract.js';
import { runContinuationContract } from './run-continuation.contract.js';
import { runLifeContract } from './run-life.contract.js';
import { runQueueContract } from './run-queue.contract.js';

/** What every store of runs must keep; the numbers are those of the port's guarantees. */
export const runStoreContract: readonly ContractCase<RunBench>[] = [
  ...runClaimContract,
  ...runBranchContract,
  ...runBusyContract,
  ...runQueueContract,
  ...runLifeContract,
  ...runContinuationContract,
];
