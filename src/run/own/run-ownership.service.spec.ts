import { loadConfig } from '../../config/load-config.js';
import { within } from '../../../test/support/within.js';
import { RunLease } from '../run-lease.port.js';
import type { RunLog } from '../run-log.port.js';
import type { RunStore } from '../run-store.port.js';
import { RunOwnership } from './run-ownership.service.js';

const RUNS = 1200;

/** A store of leases that is far away: it answers when many have asked, and no single one is ever alone. */
class DistantLease extends RunLease {
  readonly renewed = new Set<string>();
  private waiting: (() => void)[] = [];

  override acquire = async (): Promise<boolean> => true;
  override release = async (): Promise<boolean> => true;
  override find = async (): Promise<undefined> => undefined;

  override async renew(runId: string): Promise<boolean> {
    this.renewed.add(runId);
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length >= 100) this.waiting.splice(0).forEach((answer) => answer());
    });
    return true;
  }
}

describe('The ownership of runs', () => {
  it('renews the leases of a busy node together, so that none lapses behind the others', async () => {
    const lease = new DistantLease();
    const { run: config } = loadConfig({ NODE_ENV: 'test' });
    const log = { shared: true } as RunLog;
    const node = { id: 'node-a' } as ConstructorParameters<typeof RunOwnership>[0];
    const ownership = new RunOwnership(node, lease, log, {} as RunStore, { ...config, leaseTtlMs: 800 });
    for (let i = 0; i < RUNS; i++) await ownership.take(`run-${i}`, 1);
    await within(
      'the renewal of all',
      (async () => {
        while (lease.renewed.size < RUNS) await new Promise(setImmediate);
      })(),
    );
    ownership.onModuleDestroy();
  });
});
