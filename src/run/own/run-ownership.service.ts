import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { NodeIdentity } from '../../common/node-identity.js';
import { RunConfig } from '../../config/config.js';
import { RunLease } from '../run-lease.port.js';
import { RunLog } from '../run-log.port.js';
import { RunStore } from '../run-store.port.js';

interface Owned {
  epoch: number;
  /** Called when the lease turns out to be another's. */
  onLost: () => void;
}

/** A hold in SQL outlives this many leases: nobody can take a run over in place from a log that is not shared. */
const HOLD_LEASES = 5;
/** Commands that may be on their way to the store of leases together. */
const RENEWED_AT_ONCE = 500;

/** Keeps this node's claim to the runs it plays: one timer renews all leases and, without a shared log, SQL holds. */
@Injectable()
export class RunOwnership implements OnModuleDestroy, OnModuleInit {
  private readonly logger = new Logger(RunOwnership.name);
  private readonly owned = new Map<string, Owned>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly node: NodeIdentity,
    private readonly lease: RunLease,
    private readonly log: RunLog,
    private readonly store: RunStore,
    private readonly config: RunConfig,
  ) {}

  /** While a shared log cannot be reached, text may be shown that it does not have yet if SQL keeps all others away. */
  onModuleInit(): void {
    this.log.allowUnlogged((runId) => this.holdAlone(runId));
  }

  get owner(): string {
    return this.node.id;
  }

  /** How long a claim in SQL stands unless it is renewed; with a shared log, until the lease is known to all. */
  get holdMs(): number {
    return this.log.shared ? this.config.leaseTtlMs : this.config.leaseTtlMs * HOLD_LEASES;
  }

  /** How often to look for runs whose owner has died. */
  get sweepMs(): number {
    return this.log.shared ? this.config.leaseTtlMs / 4 : this.holdMs;
  }

  /** Whether a living owner holds the run, as far as leases tell. */
  async isHeld(runId: string): Promise<boolean> {
    return (await this.lease.find(runId)) !== undefined;
  }

  /** Whether this node plays the run, or keeps it until it may begin, whatever became of its lease. */
  has(runId: string): boolean {
    return this.owned.has(runId);
  }

  /** Holds the run from now on; taken again by its holder it only gets a new `onLost`. False where another holds it. */
  async take(runId: string, epoch: number, onLost: () => void = () => undefined): Promise<boolean> {
    if (!(await this.lease.acquire(runId, { owner: this.owner, epoch }, this.config.leaseTtlMs))) return false;
    this.owned.set(runId, { epoch, onLost });
    this.timer ??= setInterval(() => void this.renewAll(), this.config.leaseTtlMs / 4);
    return true;
  }

  /** Gives the run up; `handover` lets another node take it at once. */
  async release(runId: string, handover = false): Promise<void> {
    const owned = this.owned.get(runId);
    if (!owned) return;
    this.forget(runId);
    await this.lease.release(runId, { owner: this.owner, epoch: owned.epoch });
    if (handover) await this.store.hold(this.owner, [runId], 0);
  }

  /** Does what follows taking a run; where that fails the run is given up, so that any node may try again at once. */
  async orRelease<T>(runId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.release(runId, true).catch((failure: unknown) => {
        this.logger.warn({ runId, err: failure }, 'a run could not be given up; its lease will lapse');
      });
      throw error;
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private forget(runId: string): void {
    this.owned.delete(runId);
    if (this.owned.size === 0) this.onModuleDestroy();
  }

  private async holdAlone(runId: string): Promise<boolean> {
    const owned = this.owned.get(runId);
    if (!owned) return false;
    if ((await this.store.hold(this.owner, [runId], this.config.leaseTtlMs * HOLD_LEASES)) === 1) return true;
    // What this owner has ended in SQL nobody takes over: only the last record is still on its way.
    const run = await this.store.find(runId);
    return run?.owner === this.owner && run.epoch === owned.epoch && run.status !== 'running';
  }

  private async renewAll(): Promise<void> {
    try {
      if (!this.log.shared) await this.store.hold(this.owner, [...this.owned.keys()], this.holdMs);
    } catch (error) {
      this.logger.warn(`runs could not be held in the database: ${String(error)}`);
    }
    // Many at once: one after another, the last of some hundred would be renewed when it has lapsed.
    const all = [...this.owned];
    for (let at = 0; at < all.length; at += RENEWED_AT_ONCE) {
      const some = all.slice(at, at + RENEWED_AT_ONCE);
      await Promise.all(some.flatMap(([runId, owned]) => this.renew(runId, owned) ?? []));
    }
  }

  private renew(runId: string, owned: Owned): Promise<void> | undefined {
    if (this.owned.get(runId) !== owned) return undefined;
    const holder = { owner: this.owner, epoch: owned.epoch };
    const renewed = this.lease.renew(runId, holder, this.config.leaseTtlMs);
    return renewed === true ? undefined : this.giveUpUnless(renewed, runId, owned);
  }

  private async giveUpUnless(renewed: Promise<boolean>, runId: string, owned: Owned): Promise<void> {
    const kept = await renewed.catch(() => true);
    if (kept || (await this.reacquire(runId, owned.epoch))) return;
    if (this.owned.get(runId) === owned) this.forget(runId);
    owned.onLost();
  }

  /** An event loop that stalled longer than the lease finds it lapsed; unless someone took it, it is still ours. */
  private async reacquire(runId: string, epoch: number): Promise<boolean> {
    if (!this.owned.has(runId)) return true;
    return this.lease.acquire(runId, { owner: this.owner, epoch }, this.config.leaseTtlMs).catch(() => true);
  }
}
