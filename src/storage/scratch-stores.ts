import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { RedisConfig } from '../config/config.js';
import { ServerPool } from './database/postgres-pool.js';
import { RedisConnections } from './redis/redis-connections.js';

const LIMITS = { max: 1, connectMs: 5000, statementMs: 60_000 };
const SCAN_COUNT = 500;

/** A database and a key prefix of one's own on a deployment's stores, which leave nothing behind. */
export class ScratchStores {
  private constructor(
    private readonly server: string,
    private readonly name: string,
    private readonly redis: RedisConfig,
  ) {}

  /** Makes the database. Rejects where the account of `databaseUrl` may not. */
  static async open(databaseUrl: string, redis: RedisConfig): Promise<ScratchStores> {
    const name = `talksy_verify_${randomUUID().replaceAll('-', '')}`;
    await administrate(databaseUrl, `create database ${name}`);
    return new ScratchStores(databaseUrl, name, { ...redis, keyPrefix: `${name}:` });
  }

  get databaseUrl(): string {
    const url = new URL(this.server);
    url.pathname = this.name;
    return url.href;
  }

  get keyPrefix(): string {
    return this.redis.keyPrefix;
  }

  /** Removes database and keys. */
  async remove(): Promise<void> {
    await administrate(this.server, `drop database if exists ${this.name} with (force)`);
    const connections = new RedisConnections(this.redis);
    try {
      await connections.untilUp();
      await this.removeKeys(connections);
    } finally {
      connections.close();
    }
  }

  private async removeKeys(connections: RedisConnections): Promise<void> {
    let cursor = '0';
    do {
      const [next, keys] = await connections.commands.scan(cursor, 'MATCH', `${this.keyPrefix}*`, 'COUNT', SCAN_COUNT);
      // One by one: in a cluster they lie on different nodes.
      await Promise.all(keys.map((key) => connections.commands.unlink(key)));
      cursor = next;
    } while (cursor !== '0');
  }
}

async function administrate(databaseUrl: string, statement: string): Promise<void> {
  const pool = new ServerPool(databaseUrl, LIMITS);
  try {
    await sql.raw(statement).execute(new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }));
  } finally {
    await pool.end();
  }
}
