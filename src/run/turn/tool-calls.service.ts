import { Injectable } from '@nestjs/common';
import type { ModelTool } from '../../common/model-message.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { Approval } from '../../tools/approval-store.port.js';
import { ToolApprovals } from '../../tools/tool-approvals.service.js';
import { ToolCallers } from '../../tools/tool-callers.service.js';
import type { ToolCaller } from '../../tools/tool.js';
import { ToolRegistry } from '../../tools/tool-registry.service.js';
import { failedResult, type ToolReturn } from '../../tools/tool-result.js';
import { type PreparedCall, ToolRunner } from '../../tools/tool-runner.service.js';
import { RunStore } from '../run-store.port.js';
import type { RoundCall } from '../tool-round.js';
import type { Turn } from '../turn.js';
import type { TurnEvent } from '../turn-event.js';
import { Outbox } from './outbox.js';

/** How calls of one round are made. */
export interface CallsToMake {
  calls: readonly RoundCall[];
  /** Whether they may have been made before, by an owner that died. */
  inDoubt: boolean;
}

/** The tools of a turn: which are offered, and how a model's calls become results, all at once. */
@Injectable()
export class ToolCalls {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly callers: ToolCallers,
    private readonly runner: ToolRunner,
    private readonly approvals: ToolApprovals,
    private readonly runs: RunStore,
  ) {}

  /** The tools that a model may call for this user; none where the turn wishes for none. */
  async offer({ userId, tools }: Turn): Promise<readonly ModelTool[]> {
    if (tools?.length === 0) return [];
    const { role } = await this.callers.of(userId);
    const all = this.registry.offer(role);
    return tools ? all.filter(({ name }) => tools.includes(name)) : all;
  }

  /** Makes the calls; every one of them comes to a result, unless `signal` aborts. */
  async *make(turn: Turn, { calls, inDoubt }: CallsToMake, signal: AbortSignal): AsyncGenerator<readonly TurnEvent[]> {
    const outbox = new Outbox<TurnEvent>();
    const caller = await this.callers.of(turn.userId);
    const work = calls.map(
      (call) => new CallInTurn(this.runner, this.approvals, this.runs, { turn, caller, call, inDoubt, signal }),
    );
    yield* outbox.during(Promise.all(work.map((one) => one.carryOut((...events) => outbox.put(...events)))));
  }
}

type Put = (...events: TurnEvent[]) => void;

interface CallFacts {
  turn: Turn;
  caller: ToolCaller;
  call: RoundCall;
  inDoubt: boolean;
  signal: AbortSignal;
}

/** One call from the model's wish to its result. */
class CallInTurn {
  constructor(
    private readonly runner: ToolRunner,
    private readonly approvals: ToolApprovals,
    private readonly runs: RunStore,
    private readonly facts: CallFacts,
  ) {}

  /** Rejects only when the signal aborts. */
  async carryOut(put: Put): Promise<void> {
    const { call, signal } = this.facts;
    const { callId, toolName } = call;
    const { result, executionTimeMs } = await this.outcome(put).catch((error: unknown) => {
      signal.throwIfAborted();
      return { result: failedResult(error), executionTimeMs: 0 };
    });
    put({ type: 'record', event: { type: 'tool.returned', data: { callId, toolName, result, executionTimeMs } } });
  }

  private async outcome(put: Put): Promise<ToolReturn> {
    const { caller, call, inDoubt, signal, turn } = this.facts;
    if (turn.tools && !turn.tools.includes(call.toolName)) throw new TalksyError('TOOL_NOT_FOUND');
    const prepared = this.runner.prepare(call.toolName, call.arguments, caller);
    const { requiresApproval, idempotent } = prepared.tool.spec;
    if (requiresApproval) await this.requireApproval(prepared, put);
    else if (inDoubt && !idempotent) throw new TalksyError('TOOL_UNKNOWN_OUTCOME');
    if (!idempotent) await this.runs.noteEffects(turn.runId);
    return this.runner.run(prepared, caller, { callId: call.callId, runId: turn.runId }, signal);
  }

  /** Returns once a person has approved exactly this call and it has not been made yet. */
  private async requireApproval({ digest }: PreparedCall, put: Put): Promise<void> {
    const { turn, call, signal } = this.facts;
    const { callId, toolName } = call;
    const { runId, userId } = turn;
    const asked = await this.approvals.request({ runId, callId, userId, toolName, digest });
    if (!call.approval) put(requested(call, asked), { type: 'log-first' });
    put({ type: 'waiting', forPerson: true });
    const decided = await this.approvals
      .decided(runId, callId, signal)
      .finally(() => put({ type: 'waiting', forPerson: false }));
    put({ type: 'record', event: decisionEvent(decided) });
    if (decided.status !== 'approved') throw new TalksyError('TOOL_DENIED', denialOf(decided));
    if (!(await this.approvals.spend(runId, callId, digest))) throw new TalksyError('TOOL_UNKNOWN_OUTCOME');
  }
}

function requested({ callId, toolName, arguments: text }: RoundCall, { expiresAt }: Approval): TurnEvent {
  const data = { callId, toolName, arguments: text, expiresAt: expiresAt.toISOString() };
  return { type: 'record', event: { type: 'tool.approval_requested', data } };
}

function decisionEvent({ callId, status, reason }: Approval) {
  if (status === 'approved') return { type: 'tool.approved', data: { callId } } as const;
  return { type: 'tool.denied', data: { callId, reason: reason ?? status } } as const;
}

function denialOf({ status, reason }: Approval): string {
  if (status === 'expired') return 'Nobody approved the call in time.';
  return reason ? `The user denied the call: ${reason}` : 'The user denied the call.';
}
