import type { RunRecord, TerminalRecord } from '../../run/run-event.js';
import { type LogHead, RunLogRefusal } from '../../run/run-log.port.js';
import type { RedisConnections } from '../redis/redis-connections.js';
import { AppendBatch, type AppendReply, type AppendRequest, type LogKeys, type TakeReply } from './append-batch.js';
import { OPEN, REQUEST_STOP, RETIRE } from './redis-run-log.scripts.js';

/** A log whose owner vanished for good goes after this; it begins anew with each owner. */
const LIVE_TTL_MS = 24 * 60 * 60 * 1000;
/** Far above what a run can say within its time limit: a bound for what one bug can do to Redis. */
const MAX_RECORDS = 100_000;

/** Run logs as Redis keeps them. Every method rejects with STORE_UNAVAILABLE where Redis cannot be had. */
export class RedisLogStore {
  private readonly appends: AppendBatch;

  constructor(
    private readonly connections: RedisConnections,
    private readonly node: string,
    retentionMs: number,
  ) {
    const limits = { liveTtlMs: LIVE_TTL_MS, retentionMs: Math.max(1, retentionMs), maxRecords: MAX_RECORDS };
    this.appends = new AppendBatch(connections, limits);
  }

  /** What the run's keys are called. */
  namesOf(runId: string): LogKeys {
    const key = (name: string): string => this.connections.key(name);
    return { head: key(`run:{${runId}}:head`), stream: key(`run:{${runId}}:log`), wake: key(this.wakeChannel(runId)) };
  }

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

  /** Together with all that is appended in this turn of the event loop. Fails at once where the connection is lost. */
  append(request: AppendRequest): Promise<AppendReply> {
    return new Promise((resolve, reject) => {
      this.appends.append(request, (reply, error) => (reply ? resolve(reply) : reject(error as Error)));
    });
  }

  /** As `append`, telling `take` in a plain call. */
  appendInto(request: AppendRequest, take: TakeReply): void {
    this.appends.append(request, take);
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
    const { head, stream } = this.namesOf(runId);
    return [head, stream];
  }
}

const recordOf = <R extends RunRecord = RunRecord>(json: string): R => JSON.parse(json) as R;
