import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../common/event-bus.port.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import { ToolConfig } from '../config/config.js';
import { type Approval, type ApprovalRequest, ApprovalStore, type Verdict } from './approval-store.port.js';

export interface Decision {
  runId: string;
  callId: string;
  userId: string;
  verdict: Verdict;
  reason?: string;
}

/** How often a waiting call looks for a decision that no event told of. */
const LOOK_MS = 1000;

/** Asks for approvals and waits for them: decided on any node, told by an event, looked up where the event is lost. */
@Injectable()
export class ToolApprovals implements OnModuleInit, OnModuleDestroy {
  private readonly waiting = new Map<string, Set<() => void>>();
  private endSubscription: (() => void) | undefined;

  constructor(
    private readonly store: ApprovalStore,
    private readonly events: EventBus,
    private readonly config: ToolConfig,
  ) {}

  onModuleInit(): void {
    this.endSubscription = this.events.subscribe('tool.decided', ({ runId }) => this.wake(runId));
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
  }

  /** Puts the request on record; the first one of a run and call counts. */
  async request(request: Omit<ApprovalRequest, 'ttlMs'>): Promise<Approval> {
    return this.store.request({ ...request, ttlMs: this.config.approvalTtlMs });
  }

  /**
   * Decides for the user of the run. Asked again with the same verdict it says the same. Throws NOT_FOUND, or CONFLICT
   * where it was decided otherwise or has expired.
   */
  async decide({ runId, callId, ...decision }: Decision): Promise<Approval> {
    const approval = await this.store.decide(runId, callId, decision);
    if (!approval) throw new TalksyError('NOT_FOUND', 'There is no tool call that waits for your approval here.');
    if (approval.status !== decision.verdict) {
      const told = approval.status === 'expired' ? 'The time to decide is over.' : `It is ${approval.status} already.`;
      throw new TalksyError('CONFLICT', told);
    }
    await this.events.publish('tool.decided', { runId });
    return approval;
  }

  /** The approval once it is decided or has expired. Rejects when `signal` aborts. */
  async decided(runId: string, callId: string, signal: AbortSignal): Promise<Approval> {
    for (;;) {
      signal.throwIfAborted();
      const nudge = this.nudge(runId, signal);
      const approval = await this.store.find(runId, callId).catch(passing);
      if (approval === undefined) throw new TalksyError('TOOL_DENIED', 'The request for approval is gone.');
      if (approval !== 'unknown' && approval.status !== 'pending') return approval;
      await nudge;
    }
  }

  /** Takes the one execution of an approval. */
  async spend(runId: string, callId: string, digest: string): Promise<boolean> {
    return this.store.spend(runId, callId, digest);
  }

  async find(runId: string, callId: string): Promise<Approval | undefined> {
    return this.store.find(runId, callId);
  }

  /** Resolves with the next event of the run, after a while, or when `signal` aborts; it is armed at once. */
  private nudge(runId: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LOOK_MS).unref();
    const waiters = this.waiting.get(runId) ?? new Set();
    this.waiting.set(runId, waiters.add(resolve));
    const leave = (): void => resolve();
    signal.addEventListener('abort', leave);
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      waiters.delete(resolve);
      if (waiters.size === 0) this.waiting.delete(runId);
    });
  }

  private wake(runId: string): void {
    for (const resolve of this.waiting.get(runId) ?? []) resolve();
  }
}

/** A database that cannot be reached knows the decision later. */
function passing(error: unknown): 'unknown' {
  if (error instanceof TalksyError && error.code === 'STORE_UNAVAILABLE') return 'unknown';
  throw error;
}
