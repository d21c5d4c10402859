import { isTerminal, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { type LogHead, type RefusalReason, RunLogRefusal } from '../../run/run-log.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { toRedisError } from '../redis/redis-errors.js';
import { APPEND, OPEN, REQUEST_STOP, RETIRE } from './redis-run-log.scripts.js';

/** A log whose owner vanished for good goes after this; it begins anew with each owner. */
const LIVE_TTL_MS = 24 * 60 * 60 * 1000;
/** Far above what a run can say within its time limit: a bound for what one bug can do to Redis. */
const MAX_RECORDS = 100_000;

/** What Redis said to an append. `unknown`: it has no such log. */
export interface AppendReply {
  outcome: 'ok' | 'unknown' | 'full' | RefusalReason;
  nextSeq: number;
  stopRequested: boolean;
}

/** Run logs as Redis keeps them. Every method rejects with STORE_UNAVAILABLE where Redis cannot be had. */
export class RedisLogStore {
  constructor(
    private readonly connections: RedisConnections,
    private readonly node: string,
    private readonly retentionMs: number,
  ) {}

  /** Where a new record of the run is announced; without the installation's prefix, as `RedisChannels` wants it. */
  wakeChannel(runId: string): string {
    return `run:{${runId}}:wake`;
  }

  /** Where the node that opened a log is told of a stop. */
  nodeChannel(node = this.node): string {
    return `node:${node}`;
  }

  async open(runId: string, epoch: number): Promise<LogHead> {
    const reply = (await this.connections.run((redis) =>
      OPEN.run(redis, this.keys(runId), [epoch, this.node, LIVE_TTL_MS]),
    )) as [string, number, number, string];
    const [outcome, nextSeq, stop, terminal] = reply;
    if (outcome !== 'ok') throw new RunLogRefusal('stale-epoch', runId);
    return {
      epoch,
      nextSeq,
      terminal: terminal ? recordOf<TerminalRecord>(terminal) : undefined,
      stopRequested: stop === 1,
    };
  }

  /** Fails at once where the connection is lost: the caller decides what to do without Redis. */
  async append(runId: string, records: readonly RunRecord[]): Promise<AppendReply> {
    const { connections } = this;
    const limits = [connections.key(this.wakeChannel(runId)), LIVE_TTL_MS, Math.max(1, this.retentionMs), MAX_RECORDS];
    const quads = records.flatMap((record) => [
      record.seq,
      record.epoch,
      isTerminal(record) ? 1 : 0,
      JSON.stringify(record),
    ]);
    try {
      const reply = await APPEND.run(connections.commands, this.keys(runId), [...limits, ...quads]);
      const [outcome, nextSeq, stop] = reply as [AppendReply['outcome'], number, number];
      return { outcome, nextSeq, stopRequested: stop === 1 };
    } catch (error) {
      throw toRedisError(error);
    }
  }

  async find(runId: string): Promise<LogHead | undefined> {
    const [head] = this.keys(runId);
    const [epoch, next, terminal, stop] = await this.connections.run((redis) => redis.hmget(head, 'e', 'n', 't', 's'));
    if (!epoch) return undefined;
    return {
      epoch: Number(epoch),
      nextSeq: Number(next),
      terminal: terminal ? recordOf<TerminalRecord>(terminal) : undefined,
      stopRequested: stop === '1',
    };
  }

  /** At most `limit` records from `seq` on. */
  async read(runId: string, seq: number, limit: number): Promise<RunRecord[]> {
    const [, stream] = this.keys(runId);
    const entries = await this.connections.run((redis) => redis.xrange(stream, `${seq + 1}-1`, '+', 'COUNT', limit));
    return entries.map(([, [, json]]) => recordOf(json!));
  }

  async requestStop(runId: string): Promise<boolean> {
    const [head] = this.keys(runId);
    const nodes = this.connections.key(this.nodeChannel(''));
    return (await this.connections.run((redis) => REQUEST_STOP.run(redis, [head], [nodes, runId]))) === 1;
  }

  async retire(runId: string, retentionMs: number): Promise<void> {
    const channel = this.connections.key(this.wakeChannel(runId));
    await this.connections.run((redis) => RETIRE.run(redis, this.keys(runId), [retentionMs, channel]));
  }

  private keys(runId: string): readonly [head: string, stream: string] {
    return [this.connections.key(`run:{${runId}}:head`), this.connections.key(`run:{${runId}}:log`)];
  }
}

const recordOf = <R extends RunRecord = RunRecord>(json: string): R => JSON.parse(json) as R;
