import { isTerminal, type RunRecord } from '../../run/run-event.js';
import type { RefusalReason } from '../../run/run-log.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { toRedisError } from '../redis/redis-errors.js';
import { ScriptBatch } from '../redis/script-batch.js';
import { APPEND } from './redis-run-log.scripts.js';

/** How many runs, and records, one script appends. */
const MAX_RUNS = 64;
const MAX_RECORDS = 256;

/** What a run is to be appended, by whoever has the term `epoch`; the records may be of earlier terms. */
export interface AppendRequest {
  keys: LogKeys;
  epoch: number;
  records: readonly RunRecord[];
}

/** What Redis said to an append. `unknown`: it has no such log. `earlier-term`: an earlier owner has begun it anew. */
export interface AppendReply {
  outcome: 'ok' | 'unknown' | 'earlier-term' | 'full' | RefusalReason;
  nextSeq: number;
  stopRequested: boolean;
}

/** Names of what a run has in Redis, with the prefix of the installation. */
export interface LogKeys {
  head: string;
  stream: string;
  wake: string;
}

/** How long logs stay, and how long they may become. */
export interface LogLimits {
  liveTtlMs: number;
  retentionMs: number;
  maxRecords: number;
}

/** Is told once what Redis said, or why it said nothing; does not throw. */
export type TakeReply = (reply: AppendReply | undefined, error?: unknown) => void;

interface WaitingAppend {
  request: AppendRequest;
  take: TakeReply;
}

/**
 * Sends the appends of one turn of the event loop together, whatever runs they are of: with many answers at a time a
 * command for each of their chunks would cost nearly half as much as all the rest of its way.
 */
export class AppendBatch {
  private readonly batch = new ScriptBatch<WaitingAppend>({
    sizeFrom,
    send: (batch) => this.send(batch),
    fail: ({ take }, error) => take(undefined, toRedisError(error)),
  });

  constructor(
    private readonly connections: RedisConnections,
    private readonly limits: LogLimits,
  ) {}

  /**
   * Tells `take` in a plain call, as each token of each answer passes here: at once of STORE_UNAVAILABLE where the
   * connection is lost, for the caller decides what to do without Redis.
   */
  append(request: AppendRequest, take: TakeReply): void {
    this.batch.add({ request, take });
  }

  private async send(batch: readonly WaitingAppend[]): Promise<void> {
    const others = (await this.run(batch)) as (string | number)[];
    const replies = batch.map(({ request }) => expectedReply(request));
    for (let at = 0; at < others.length; at += 4) replies[others[at] as number] = replyFrom(others, at + 1);
    for (let run = 0; run < batch.length; run++) batch[run]!.take(replies[run]);
  }

  private run(batch: readonly WaitingAppend[]): Promise<unknown> {
    const { liveTtlMs, retentionMs, maxRecords } = this.limits;
    const keys: string[] = [];
    const args: (string | number)[] = [liveTtlMs, retentionMs, maxRecords];
    for (const { request } of batch) {
      const { keys: names, epoch, records } = request;
      keys.push(names.head, names.stream);
      args.push(names.wake, epoch, records.length);
      for (const record of records) args.push(record.seq, isTerminal(record) ? 1 : 0, JSON.stringify(record));
    }
    return APPEND.run(this.connections.commands, keys, args);
  }
}

function sizeFrom(all: readonly WaitingAppend[], from: number): number {
  let to = from;
  for (let records = 0; to < all.length && to - from < MAX_RUNS; to++) {
    records += all[to]!.request.records.length;
    if (to > from && records > MAX_RECORDS) break;
  }
  return to - from;
}

/** What Redis says by saying nothing. Of no records it is always told where the log stands. */
function expectedReply({ records }: AppendRequest): AppendReply {
  return { outcome: 'ok', nextSeq: (records.at(-1)?.seq ?? -1) + 1, stopRequested: false };
}

function replyFrom(flat: readonly (string | number)[], at: number): AppendReply {
  const [outcome, nextSeq, stop] = flat.slice(at, at + 3);
  return { outcome: outcome as AppendReply['outcome'], nextSeq: nextSeq as number, stopRequested: stop === 1 };
}
