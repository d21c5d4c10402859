import { Logger } from '@nestjs/common';
import type { RedisConnections } from './redis-connections.js';
import { isUnreachable } from './redis-errors.js';
import { RedisScript } from './redis-script.js';

/** How long the claim outlives the last node of an installation. */
const CLAIM_TTL_MS = 30_000;

/** Notes the database that the nodes of this Redis have, or says which they have. KEYS claim. ARGV database id, ttl (ms). */
const CLAIM = new RedisScript(`
local present = redis.call('GET', KEYS[1])
if present and present ~= ARGV[1] then return present end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
`);

/**
 * Keeps nodes with different databases from sharing one Redis: the runs of one would not exist for the other. The claim
 * is renewed by each check, and lapses half a minute after the last.
 */
export class SameDatabase {
  private readonly logger = new Logger(SameDatabase.name);
  private foreign = false;

  constructor(
    private readonly connections: RedisConnections,
    private readonly databaseId: string,
  ) {}

  /** Whether the nodes of this Redis had another database when last asked. */
  get isForeign(): boolean {
    return this.foreign;
  }

  get complaint(): string {
    return (
      'REDIS: running nodes use this Redis with another database; give all nodes one DATABASE_URL, ' +
      'or this node another REDIS_KEY_PREFIX'
    );
  }

  /** `unknown` where Redis cannot be asked. */
  async check(): Promise<boolean | 'unknown'> {
    if (!this.connections.state.up) return 'unknown';
    try {
      const keys = [this.connections.key('database')];
      const present = await this.connections.run((redis) => CLAIM.run(redis, keys, [this.databaseId, CLAIM_TTL_MS]));
      this.foreign = present !== this.databaseId;
      return !this.foreign;
    } catch (error) {
      if (!isUnreachable(error)) this.logger.error({ err: error }, 'the database of other nodes could not be read');
      return 'unknown';
    }
  }
}
