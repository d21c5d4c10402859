import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { isUuid } from '../common/ids.js';
import { ConversationAccess, type ConversationPermission } from '../conversation/conversation-access.service.js';
import { ContinuedRun } from './continued-run.js';
import { type FirstRecord, isIdentity, type RunRecord } from './run-event.js';
import { isEnded, type Run } from './run.js';
import { type LogHead, type RecordStream, RunLog } from './run-log.port.js';
import type { RunSource } from './run-source.js';
import { RunStore } from './run-store.port.js';
import { StoredRun } from './stored-run.js';

const RETRY_AFTER_MS = 1000;

/** A run and its continuations: one answer. */
export type RunChain = [Run, ...Run[]];

/**
 * The only way in for transports: a run exists for who started it and for who may read its conversation, and for nobody
 * else.
 */
@Injectable()
export class RunReader {
  constructor(
    private readonly log: RunLog,
    private readonly store: RunStore,
    private readonly access: ConversationAccess,
  ) {}

  /** Opens a run for this user. Throws RUN_NOT_FOUND, or STORE_UNAVAILABLE where only another node can answer now. */
  async open(runId: string, userId: string): Promise<RunSource> {
    const source = (await this.openLog(runId)) ?? (await this.openStored(runId, userId));
    await this.requireAccess(source.started.data, userId, 'read');
    return source;
  }

  /** The run, and those that went on with it where it was interrupted, in order. Throws as `requireRun` does. */
  async requireChain(runId: string, userId: string, permission?: ConversationPermission): Promise<RunChain> {
    const chain: RunChain = [await this.requireRun(runId, userId, permission)];
    for (let next = chain[0].continuedBy; next; next = chain.at(-1)!.continuedBy)
      chain.push(await this.requireRun(next, userId, permission));
    return chain;
  }

  /** Such a chain as one. To be read from its start. */
  async openChain(chain: RunChain, userId: string): Promise<RunSource> {
    const sources = await Promise.all(chain.map(({ id }) => this.open(id, userId)));
    const last = sources.pop()!;
    return sources.length > 0 ? new ContinuedRun(sources, last) : last;
  }

  /** The run's row. Throws RUN_NOT_FOUND where the user may not read it, FORBIDDEN where they may do no more. */
  async requireRun(runId: string, userId: string, permission: ConversationPermission = 'read'): Promise<Run> {
    const run = isUuid(runId) ? await this.store.find(runId) : undefined;
    if (!run) throw new TalksyError('RUN_NOT_FOUND');
    await this.requireAccess(run, userId, permission);
    return run;
  }

  /** The run that is being written in this conversation now. */
  async findRunning(conversationId: string): Promise<Run | undefined> {
    return this.store.findRunning(conversationId);
  }

  /** The run that a stop without a name means: the running one, else the one that has waited longest. */
  async findStoppable(conversationId: string): Promise<Run | undefined> {
    return (await this.store.findRunning(conversationId)) ?? this.store.findOldestQueued(conversationId);
  }

  private async requireAccess(
    run: { userId: string; conversationId?: string },
    userId: string,
    permission: ConversationPermission,
  ): Promise<void> {
    if (run.userId === userId) return;
    const id = run.conversationId;
    if (!id || !(await this.access.find(id, userId))) throw new TalksyError('RUN_NOT_FOUND');
    if (permission !== 'read') await this.access.require(id, userId, permission);
  }

  private async openLog(runId: string): Promise<RunSource | undefined> {
    const head = await this.log.find(runId).catch(unlessAway);
    if (!head || head.nextSeq === 0) return undefined;
    const started = await this.firstRecord(runId);
    if (!started || !isIdentity(started)) return undefined;
    return new LoggedRun(this.log, runId, started, head);
  }

  private async openStored(runId: string, userId: string): Promise<RunSource> {
    const run = await this.requireRun(runId, userId);
    // Of a stateless run that has ended nothing but its log was kept.
    if (run.status !== 'running' && run.status !== 'queued' && !run.messageId) throw new TalksyError('RUN_NOT_FOUND');
    const answer = await this.store.findAnswer(runId);
    if (!isEnded(run) || !answer) {
      const message = 'This run cannot be read here now; ask again shortly.';
      throw new TalksyError('STORE_UNAVAILABLE', message, { retryAfterMs: RETRY_AFTER_MS });
    }
    return new StoredRun(run, answer);
  }

  private async firstRecord(runId: string): Promise<RunRecord | undefined> {
    const done = new AbortController();
    for await (const [first] of this.log.follow(runId, -1, done.signal)) return first;
    return undefined;
  }
}

/** A shared log that cannot be reached now: what has ended can be read from SQL all the same. */
function unlessAway(error: unknown): undefined {
  if (!(error instanceof TalksyError && error.code === 'STORE_UNAVAILABLE')) throw error;
}

class LoggedRun implements RunSource {
  constructor(
    private readonly log: RunLog,
    readonly runId: string,
    readonly started: FirstRecord,
    private readonly head: LogHead,
  ) {}

  get lastSeq(): number {
    return this.head.nextSeq - 1;
  }

  /** Whoever claims to have seen more than there is gets what comes next, or the end again. */
  follow(afterSeq: number, signal: AbortSignal): RecordStream {
    const newest = this.head.terminal ? this.head.terminal.seq - 1 : this.lastSeq;
    return this.log.follow(this.runId, Math.min(afterSeq, newest), signal);
  }
}
