import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import { type LeaseHolder, RunLease } from '../../run/run-lease.port.js';

interface Held extends LeaseHolder {
  until: number;
}

/** Terms of released leases that are remembered; the run log fences an older owner in any case. */
const REMEMBERED_TERMS = 10_000;

/** Leases of a single node: tells whether the run is being played here. */
@Injectable()
export class MemoryRunLease extends RunLease {
  private readonly held = new Map<string, Held>();
  private readonly lastEpochs = new LRUCache<string, number>({ max: REMEMBERED_TERMS });

  constructor(private readonly clock: Clock) {
    super();
  }

  /** Whether a lease of the run was taken here, and not released. */
  holds(runId: string): boolean {
    return this.held.has(runId);
  }

  override async acquire(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> {
    const present = this.present(runId);
    if (present && !isSame(present, holder)) return false;
    if (holder.epoch < (this.held.get(runId)?.epoch ?? this.lastEpochs.get(runId) ?? 0)) return false;
    this.held.set(runId, { ...holder, until: this.clock.now() + ttlMs });
    return true;
  }

  override renew(runId: string, holder: LeaseHolder, ttlMs: number): Promise<boolean> | true {
    const present = this.present(runId);
    if (!present || !isSame(present, holder)) return Promise.resolve(false);
    present.until = this.clock.now() + ttlMs;
    return true;
  }

  override async release(runId: string, holder: LeaseHolder): Promise<boolean> {
    const present = this.present(runId);
    if (!present || !isSame(present, holder)) return false;
    this.held.delete(runId);
    this.lastEpochs.set(runId, holder.epoch);
    return true;
  }

  override async find(runId: string): Promise<LeaseHolder | undefined> {
    const present = this.present(runId);
    return present && { owner: present.owner, epoch: present.epoch };
  }

  private present(runId: string): Held | undefined {
    const held = this.held.get(runId);
    return held && held.until > this.clock.now() ? held : undefined;
  }
}

const isSame = (a: LeaseHolder, b: LeaseHolder): boolean => a.owner === b.owner && a.epoch === b.epoch;
