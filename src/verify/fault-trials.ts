import { registerAccounts } from './accounts.js';
import { tableHead, tableLine } from './fault-table.js';
import { runTrial, type TrialResult, type TrialSize } from './fault-trial.js';
import type { Fault, RestartableStore } from './fault.js';
import { LedgerServer } from './ledger-server.js';
import { NodeFleet, type FleetOptions } from './node-fleet.js';

const ACCOUNTS = 5;

/** What is tried, on what. */
export interface TrialsOptions {
  readonly fleet: Omit<FleetOptions, 'tokenDelayMs'>;
  readonly size: TrialSize;
  readonly faults: readonly Fault[];
  readonly redis?: RestartableStore;
  readonly postgres?: RestartableStore;
}

/** Starts the nodes, drives answers through one fault after the other and prints a table. Ends what it started. */
export async function runTrials(options: TrialsOptions, print: (line: string) => void): Promise<TrialResult[]> {
  const { size, faults, redis, postgres } = options;
  const ledger = await LedgerServer.start(size.tokens);
  const env = { ...options.fleet.env, ...ledger.env };
  const fleet = new NodeFleet({ ...options.fleet, env, tokenDelayMs: size.tokenDelayMs });
  const results: TrialResult[] = [];
  try {
    await fleet.start();
    const tokens = await registerAccounts(fleet.urls[0]!, ACCOUNTS);
    print(tableHead());
    for (const fault of faults) {
      const place = { fleet, ...(redis && { redis }), ...(postgres && { postgres }) };
      const result = await runTrial(fault, place, { size, tokens, ledger });
      print(tableLine(result));
      results.push(result);
    }
  } finally {
    await fleet.close();
    await ledger.close();
  }
  return results;
}
