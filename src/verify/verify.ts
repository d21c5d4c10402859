import { parseArgs } from 'node:util';
import { environment } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import type { RedisConfig } from '../config/config.js';
import { ScratchStores } from '../storage/scratch-stores.js';
import { runTrials } from './fault-trials.js';
import { FAULTS } from './faults.js';

export const USAGE = `Proves on your own stores that an answer, once started, is never lost, doubled or altered.

  DATABASE_URL=postgres://… REDIS_URL=redis://… npx talksy verify [--quick] [--fault <part of a name>]

Starts three nodes on this machine, in a database and under a key prefix of their own that are removed afterwards, lets
a hundred answers be written, and kills nodes, cuts networks and connections meanwhile. Your data is not touched.
`;

const SIZES = {
  quick: { streams: 60, tokens: 120, tokenDelayMs: 30, leastHit: 20 },
  whole: { streams: 100, tokens: 300, tokenDelayMs: 30, leastHit: 20 },
};

/** Runs the trials that the command line asks for; the exit code: 0 where every answer came whole and once. */
export async function verify(argv: readonly string[], server: string, print: (line: string) => void): Promise<number> {
  try {
    const { quick, fault = '', help } = optionsOf(argv);
    if (help) return say(print, USAGE, 0);
    const { databaseUrl, redis } = loadConfig({ ...environment(), NODE_ENV: 'test', REDIS_ENABLED: 'true' }).store;
    if (!databaseUrl || !redis) return say(print, USAGE, 2);
    if (redis.tls) return say(print, 'not run: a Redis behind TLS cannot be reached through the trial’s network', 2);
    const stores = await ScratchStores.open(databaseUrl, redis);
    try {
      const fleet = {
        server,
        size: 3,
        databaseUrl: stores.databaseUrl,
        redisUrl: addressOf(redis),
        redisKeyPrefix: stores.keyPrefix,
        env: { SHUTDOWN_GRACE_MS: '1000' },
      };
      const faults = FAULTS.filter(({ name }) => name.includes(fault));
      const results = await runTrials({ fleet, size: quick ? SIZES.quick : SIZES.whole, faults }, print);
      const isKept = results.every(({ failures }) => failures.length === 0);
      return say(print, isKept ? 'Nothing was lost, doubled or altered.' : 'The promise was broken.', isKept ? 0 : 1);
    } finally {
      await stores.remove();
    }
  } catch (error) {
    return say(print, `verify could not run: ${(error as Error).message}`, 2);
  }
}

function optionsOf(argv: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  return parseArgs({ args: [...argv], options: { quick: flag, help: flag, fault: { type: 'string' } } }).values;
}

function say(print: (line: string) => void, line: string, code: number): number {
  print(line);
  return code;
}

function addressOf({ host, port, username = '', password = '', db }: RedisConfig): string {
  const url = new URL(`redis://${host.includes(':') ? `[${host}]` : host}:${port}/${db}`);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
}
