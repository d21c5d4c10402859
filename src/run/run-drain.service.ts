import { Injectable } from '@nestjs/common';
import { QueuedRuns } from './own/queued-runs.service.js';
import { RunEngine } from './run-engine.service.js';
import { RunRecovery } from './run-recovery.service.js';

/** Empties this node of runs before it ends. */
@Injectable()
export class RunDrain {
  constructor(
    private readonly recovery: RunRecovery,
    private readonly queue: QueuedRuns,
    private readonly engine: RunEngine,
  ) {}

  /** Hands over what waits, lets what runs finish within `graceMs`, then hands that over too. Takes nothing over. */
  async drain(graceMs: number): Promise<void> {
    await this.recovery.stop();
    await this.queue.handOver();
    await this.engine.drain(graceMs);
  }
}
