import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { RunConfig } from '../../config/config.js';
import { RunEngine } from '../run-engine.service.js';
import { RunMetrics } from '../run-metrics.service.js';
import { EventLoopStrain } from './event-loop-strain.js';

/** A client that waits so long may find another node, or this one recovered. */
const RETRY_MS = 1000;

/** Whether this node takes a new run. It refuses early, so that the answers that it is writing keep their pace. */
@Injectable()
export class RunAdmission implements OnModuleDestroy {
  private readonly strain: EventLoopStrain | undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly engine: RunEngine,
    private readonly metrics: RunMetrics,
    private readonly config: RunConfig,
  ) {
    if (config.maxLagMs > 0) this.strain = new EventLoopStrain(config.maxLagMs);
  }

  /**
   * Throws SHUTTING_DOWN or OVERLOADED, with the time to wait. What was begun before is never refused here.
   * @param starting messages that were admitted and are not yet on their logs: of a burst, all but the first.
   */
  admit(starting: number): void {
    if (this.lifecycle.phase === 'draining')
      throw new TalksyError('SHUTTING_DOWN', undefined, { retryAfterMs: RETRY_MS });
    const { maxActivePerNode, maxStarting } = this.config;
    if (this.engine.activeCount + starting >= maxActivePerNode) this.refuse('active');
    if (starting >= maxStarting) this.refuse('starting');
    if (this.strain?.isStrained) this.refuse('lag');
  }

  onModuleDestroy(): void {
    this.strain?.stop();
  }

  private refuse(reason: 'active' | 'starting' | 'lag'): never {
    this.metrics.refused(reason);
    throw new TalksyError('OVERLOADED', undefined, { retryAfterMs: RETRY_MS });
  }
}
