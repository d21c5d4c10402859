import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Accounts } from '../../user/accounts.service.js';
import { TokenFamilyStore } from '../token-family-store.port.js';

const SWEEP_INTERVAL_MS = 3_600_000;

/** A guest that is younger may be about to get its sign-in. */
const GUEST_AGE_MS = 3_600_000;
const GUESTS_AT_ONCE = 500;

/**
 * Deletes the sign-ins that have expired, and the guests who had no other: at start, and every hour. A failed sweep is
 * left to the next one.
 */
@Injectable()
export class ExpiredFamilies implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ExpiredFamilies.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly families: TokenFamilyStore,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const begin = () => {
      this.sweeping = this.sweep();
    };
    begin();
    this.timer = setInterval(begin, SWEEP_INTERVAL_MS).unref();
  }

  /** Waits for a sweep under way, so that the database is not closed beneath it. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    try {
      const now = this.clock.now();
      const deleted = await this.families.deleteExpired(new Date(now));
      const guests = await this.accounts.deleteStrandedGuests(new Date(now - GUEST_AGE_MS), GUESTS_AT_ONCE);
      if (deleted > 0) this.logger.debug(`deleted ${deleted} expired sign-ins and ${guests} guests`);
    } catch (error) {
      this.logger.warn(
        `expired sign-ins were not deleted: ${error instanceof Error ? error.message : 'unknown cause'}`,
      );
    }
  }
}
