import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { RunEngine } from '../run-engine.service.js';
import { QueuedRuns } from './queued-runs.service.js';

/** Stops the runs of accounts that were disabled or deleted, on whichever node they are played or wait. */
@Injectable()
export class EndedAccounts implements OnModuleInit, OnModuleDestroy {
  private endSubscription: (() => void) | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly queue: QueuedRuns,
    private readonly engine: RunEngine,
  ) {}

  onModuleInit(): void {
    this.endSubscription = this.events.subscribe('account.ended', ({ userId }) => {
      this.queue.stopAllOf(userId);
      this.engine.stopAllOf(userId);
    });
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
  }
}
