import { Worker } from 'node:worker_threads';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { ConnectionLost, within } from './connection-lost.js';

interface Reply {
  id: number;
  rows: unknown[];
  rowCount: number;
  error?: { message: string; code?: string; constraint?: string; detail?: string };
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export interface PglitePoolOptions {
  /** The folder of the database; without one it lives in memory and dies with the pool. */
  dataDir?: string;
  /** A dump of a database to begin with instead of an empty one. */
  template?: Uint8Array<ArrayBuffer>;
}

const CLOSE_LIMIT_MS = 2000;
/** Whoever has waited for its turn for so long has been told that the database is away: its statement must not run. */
const TURN_LIMIT_MS = 2500;
/** Compiled, the worker is JavaScript; under Jest it is TypeScript, whose types Node strips. */
const WORKER_URL = new URL(`./pglite.worker${import.meta.url.slice(-3)}`, import.meta.url);

/**
 * An embedded PostgreSQL in a worker thread, in the shape of a pg.Pool: one connection, handed to one caller after
 * the other. The worker starts with the constructor. When it dies, every query rejects with ConnectionLost.
 */
export class PglitePool implements PostgresPool {
  readonly options = {};
  readonly ready: Promise<void>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private death: ConnectionLost | undefined;

  constructor(workerData: PglitePoolOptions = {}, workerUrl = WORKER_URL) {
    this.worker = new Worker(workerUrl, { workerData, execArgv: [] });
    this.ready = new Promise((resolve, reject) => this.waiting.set(0, { resolve: () => resolve(), reject }));
    this.ready.catch(() => undefined);
    this.worker.on('message', (reply: Reply) => this.settle(reply));
    this.worker.on('error', (error) =>
      this.die(new ConnectionLost(`the database worker failed: ${error.message}`, error)),
    );
    this.worker.on('exit', (code) => this.die(new ConnectionLost(`the database worker ended with code ${code}`)));
  }

  /** Waits for its turn; whoever gets the connection must release it. */
  async connect(): Promise<PostgresPoolClient> {
    await this.ready;
    const before = this.turn;
    const { promise, resolve: release } = Promise.withResolvers<void>();
    this.turn = promise;
    const asked = performance.now();
    await before;
    if (performance.now() - asked > TURN_LIMIT_MS) {
      release();
      throw new ConnectionLost(`no turn within ${TURN_LIMIT_MS} ms`);
    }
    return { query: this.query, release: () => release() } as PostgresPoolClient;
  }

  /** Closes the database behind all who wait for their turn; ends the worker even where it no longer answers. */
  async end(): Promise<void> {
    if (!this.death) await within(CLOSE_LIMIT_MS, this.closeInTurn()).catch(() => undefined);
    this.die(new ConnectionLost('the database is closed'));
    await this.worker.terminate();
  }

  private async closeInTurn(): Promise<void> {
    const { release } = await this.connect();
    await this.send().finally(release);
  }

  private readonly query = async (
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<unknown>> => {
    const { rows, rowCount } = await this.send(sql, params);
    return { command: commandOf(sql), rows, rowCount };
  };

  private send(sql?: string, params?: readonly unknown[]): Promise<Reply> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      if (this.death) return reject(this.death);
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, sql, params });
    });
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.error) waiting?.reject(Object.assign(new Error(reply.error.message), reply.error));
    else waiting?.resolve(reply);
  }

  /** The first reason is the true one: an exit always follows an error. */
  private die(reason: ConnectionLost): void {
    this.death ??= reason;
    for (const { reject } of this.waiting.values()) reject(this.death);
    this.waiting.clear();
  }
}

/** PGlite does not say what a statement was; Kysely counts affected rows only where it knows. */
function commandOf(sql: string): PostgresQueryResult<unknown>['command'] {
  const verb = /^\s*(insert|update|delete)/i.exec(sql)?.[1]?.toUpperCase();
  return (verb ?? 'SELECT') as PostgresQueryResult<unknown>['command'];
}
