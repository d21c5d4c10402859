import { Logger } from '@nestjs/common';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { ConnectionLost } from './connection-lost.js';

const INT8_OID = 20;
/** int8 and count(*) as numbers, as PGlite gives them. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

export interface PostgresPoolLimits {
  max: number;
  connectMs: number;
  statementMs: number;
}

const SERVING: PostgresPoolLimits = { max: 10, connectMs: 2000, statementMs: 2500 };

/**
 * Connections to a PostgreSQL server. Whatever is not the server's own word about a statement comes out as
 * ConnectionLost, and a connection that failed so is thrown away, never handed out again.
 */
export class ServerPool implements PostgresPool {
  readonly options = {};
  private readonly logger = new Logger('Database');
  private readonly pool: pg.Pool;
  /** Kysely knows a connection by its object, so each client keeps one. */
  private readonly guarded = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  constructor(connectionString: string, limits: PostgresPoolLimits = SERVING) {
    this.pool = new pg.Pool({
      connectionString,
      max: limits.max,
      connectionTimeoutMillis: limits.connectMs,
      statement_timeout: limits.statementMs,
      // Behind the server's own limit, so that it only fires for a server that no longer answers.
      query_timeout: limits.statementMs + 200,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'talksy',
      types,
    });
    this.pool.on('error', (error) => this.logger.warn(`An idle database connection was lost: ${error.message}`));
    // A connection in use reports its death through the query; without a listener the same event ends the process.
    this.pool.on('connect', (client) => void client.on('error', () => undefined));
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.pool.connect().catch((error: Error) => {
      throw new ConnectionLost(`no connection to PostgreSQL: ${reasonOf(error)}`, error);
    });
    const known = this.guarded.get(client) ?? guard(client);
    this.guarded.set(client, known);
    return known;
  }

  /** Waits for connections in use. A second call changes nothing. */
  async end(): Promise<void> {
    if (!this.pool.ending) await this.pool.end();
  }
}

function guard(client: pg.PoolClient): PostgresPoolClient {
  let broken = false;
  const query = async (sql: string, params: readonly unknown[]) => {
    try {
      return (await client.query(sql, [...params])) as PostgresQueryResult<unknown>;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.severity !== 'FATAL') throw error;
      broken = true;
      throw new ConnectionLost(`the connection to PostgreSQL broke: ${reasonOf(error as Error)}`, error);
    }
  };
  return { query, release: (destroy?: boolean) => client.release(destroy || broken) } as PostgresPoolClient;
}

/** A host with several addresses fails with an AggregateError, whose own message is empty. */
const reasonOf = (error: Error & { code?: string }): string => error.message || (error.code ?? error.name);
