import type { RecordOf, RunRecord, TerminalRecord, TerminalType } from './run-event.js';
import type { EndedStatus, Run } from './run.js';
import type { RunSource } from './run-source.js';
import type { StoredAnswer } from './run-store.port.js';

const TERMINAL_OF: Record<EndedStatus, TerminalType> = {
  completed: 'run.completed',
  cancelled: 'run.cancelled',
  failed: 'run.failed',
  interrupted: 'run.failed',
};

/** An ended run read from its stored message: the chunks have the seqs and indices they had in the log. */
export class StoredRun implements RunSource {
  readonly runId: string;
  readonly started: RecordOf<'run.started'>;
  private readonly records: readonly RunRecord[];

  constructor(run: Run, answer: StoredAnswer) {
    this.runId = run.id;
    this.started = startedRecord(run, startedSeq(run, answer));
    this.records = [
      this.started,
      ...chunkRecords(run, answer),
      ...callRecords(run, answer),
      terminalRecord(run, answer),
    ];
  }

  get lastSeq(): number {
    return this.records.at(-1)!.seq;
  }

  /** Whoever stands beyond the stored end (its text died with a node) gets the terminal record all the same. */
  async *follow(afterSeq: number): AsyncIterable<readonly RunRecord[]> {
    const from = Math.min(afterSeq, this.lastSeq - 1);
    yield this.records.filter((record) => record.seq > from);
  }
}

/** A run that had to wait started at seq 1, behind `run.queued`; one that was stopped before never started. */
function startedSeq({ wasQueued, end }: Run, { chunkEnds: [firstChunk] }: StoredAnswer): number {
  const next = firstChunk?.[0] ?? end?.finalSeq ?? 1;
  return wasQueued ? Math.min(1, next - 1) : 0;
}

function startedRecord(run: Run, seq: number): RecordOf<'run.started'> {
  const { userId, conversationId, messageId, continues } = run;
  const userMessageId = run.clientMessageId ?? run.userMessageId;
  const data = { userId, startedAt: run.createdAt.toISOString(), conversationId, messageId, userMessageId, continues };
  return { seq, epoch: 1, type: 'run.started', data: withoutUndefined(data) };
}

function chunkRecords(run: Run, { content, chunkEnds }: StoredAnswer): RunRecord[] {
  return chunkEnds.map(([seq, end], index) => {
    const offset = chunkEnds[index - 1]?.[1] ?? 0;
    return { seq, epoch: run.epoch, type: 'text.delta', data: { text: content.slice(offset, end), index, offset } };
  });
}

/** Calls for the caller to make are the last thing that happens in a run. */
function callRecords({ epoch, end }: Run, { calls = [] }: StoredAnswer): RunRecord[] {
  const firstSeq = (end?.finalSeq ?? 0) - calls.length;
  return calls.map(({ callId, name, arguments: text }, at) => {
    return { seq: firstSeq + at, epoch, type: 'tool.called', data: { callId, toolName: name, arguments: text } };
  });
}

function terminalRecord(run: Run, { content, chunkEnds }: StoredAnswer): TerminalRecord {
  const { status } = run;
  if (status === 'queued' || status === 'running' || !run.end) throw new Error(`run ${run.id} has not ended`);
  const { finalSeq, ...end } = run.end;
  const text = status === 'interrupted' ? content : undefined;
  const data = { ...end, lastIndex: chunkEnds.length - 1, text, continuedBy: run.continuedBy };
  return {
    seq: finalSeq,
    epoch: run.epoch,
    type: TERMINAL_OF[status],
    data: withoutUndefined(data),
  } as TerminalRecord;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
