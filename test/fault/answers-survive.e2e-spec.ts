import { join } from 'node:path';
import type { Fault } from '../../src/verify/fault.js';
import { runTrials } from '../../src/verify/fault-trials.js';
import {
  CLIENT_CUTS,
  FAULTS,
  NETWORK_CUT,
  OWNER_KILLED,
  REDIS_RESTARTED,
  ROLLING_RESTART,
} from '../../src/verify/faults.js';
import { OwnNginx } from '../support/own-nginx.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { hasPostgres } from '../support/test-postgres.js';
import { newKeyPrefix, startRedis } from '../support/test-redis.js';

const isFull = process.env['TALKSY_FAULTS'] === 'full';
const only = process.env['TALKSY_FAULT'];

/** What a balancer has a part in. */
const BEHIND_NGINX: readonly Fault[] = [ROLLING_RESTART, CLIENT_CUTS].map((fault) => ({
  ...fault,
  name: `behind nginx: ${fault.name}`,
}));
/** The short form: what a change breaks first. */
const SHORT: readonly Fault[] = [OWNER_KILLED, CLIENT_CUTS, NETWORK_CUT, REDIS_RESTARTED];
const SIZES = {
  short: { streams: 45, tokens: 120, tokenDelayMs: 30, leastHit: 15 },
  full: { streams: 100, tokens: 300, tokenDelayMs: 30, leastHit: 20 },
};

const print = (line: string): void => void process.stderr.write(`${line}\n`);

describe('Answers', () => {
  const size = isFull ? SIZES.full : SIZES.short;
  const faults = (isFull || only ? FAULTS : SHORT).filter(({ name }) => !only || name.includes(only));

  it(
    'come whole and once through every fault, on three nodes',
    async () => {
      if (!hasPostgres()) return print('not run: the faults of several nodes (no PostgreSQL server on this machine)');
      const postgres = await OwnPostgres.make();
      const redis = await ownRedis();
      const nginx: OwnNginx[] = [];
      try {
        const fleet = {
          server: join(import.meta.dirname, '../../dist/main.js'),
          size: 3,
          databaseUrl: postgres.url,
          redisUrl: redis.url,
          redisKeyPrefix: newKeyPrefix(),
          env: { SHUTDOWN_GRACE_MS: '1000' },
        };
        const results = await runTrials({ fleet, size, faults, redis, postgres }, print);
        const front = async (nodes: readonly string[]) => {
          nginx.push(await OwnNginx.start(nodes));
          return nginx[0]!.url;
        };
        if (isFull && !OwnNginx.find()) print('not run: the same behind nginx (no nginx on this machine)');
        else if (isFull)
          results.push(...(await runTrials({ fleet: { ...fleet, front }, size, faults: BEHIND_NGINX }, print)));
        expect(results.flatMap(({ failures }) => failures)).toEqual([]);
      } finally {
        await nginx[0]?.close();
        await redis.stop();
        postgres.remove();
      }
    },
    isFull ? 900_000 : 180_000,
  );
});

/** A Redis that begins empty at the same address each time. */
async function ownRedis() {
  let server = await startRedis();
  const port = Number(new URL(server.url).port);
  return {
    url: server.url,
    stop: () => server.stop(),
    start: async () => void (server = await startRedis(port)),
  };
}
