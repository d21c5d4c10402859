import { isTerminal, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { type RefusalReason, RunLogRefusal } from '../../run/run-log.port.js';

/** What an append is judged by. */
export interface StandingLog {
  readonly runId: string;
  readonly epoch: number;
  readonly records: readonly RunRecord[];
  readonly terminal: TerminalRecord | undefined;
}

/** The records of a batch that the log does not hold yet; throws RunLogRefusal where it must not take the batch. */
export function freshRecords(log: StandingLog, batch: readonly RunRecord[]): readonly RunRecord[] {
  const refuse = (reason: RefusalReason): never => {
    throw new RunLogRefusal(reason, log.runId);
  };
  let next = log.records.length;
  const isNext = batch.length === 1 && batch[0]!.seq === next;
  const fresh = isNext ? batch : batch.filter((record) => !holds(log.records, record));
  for (const record of fresh) {
    if (record.seq < next) refuse('seq-taken');
    if (record.epoch !== log.epoch) refuse('stale-epoch');
    if (log.terminal) refuse('ended');
    if (record.seq !== next++) refuse('gap');
  }
  if (!isNext && fresh.slice(0, -1).some(isTerminal)) refuse('ended');
  return fresh;
}

function holds(records: readonly RunRecord[], record: RunRecord): boolean {
  const held = records[record.seq];
  return held !== undefined && (held === record || JSON.stringify(held) === JSON.stringify(record));
}
