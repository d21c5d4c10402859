import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import type { RedisConfig } from '../../src/config/config.js';
import { freePort } from '../../src/verify/free-port.js';

const START_LIMIT_MS = 10_000;
/** Under this key the address of this process's server outlives Jest's module registry, which is new for each file. */
const SERVER_KEY = 'talksy-test-redis';

const JS_REDIS = join(import.meta.dirname, '../../node_modules/js-redis-server/dist/cli.js');

/** Runs the server until its own standard input ends, which it does with the process that started it. $0: its folder. */
const KEEPER = '"$@" >"$0/log" 2>&1 & server=$!; cat >/dev/null; kill -KILL $server; wait $server; rm -rf "$0"';

/**
 * A Redis for tests: TEST_REDIS_URL, else `redis-server` on the PATH, else js-redis-server (also by
 * TEST_REDIS=js-redis-server). One for each process of Jest.
 */
export async function testRedisUrl(): Promise<string> {
  const known = process.env['TEST_REDIS_URL'] ?? (getEnvironmentData(SERVER_KEY) as string | undefined);
  if (known) return known;
  const { url } = await startRedis();
  setEnvironmentData(SERVER_KEY, url);
  return url;
}

/** Where the test's Redis is, with a key prefix of its own: suites that run at once do not see each other. */
export async function testRedisConfig(keyPrefix = newKeyPrefix()): Promise<RedisConfig> {
  return redisConfigOf(await testRedisUrl(), keyPrefix);
}

/** What the server must be given to use the test's Redis. */
export async function testRedisEnv(keyPrefix = newKeyPrefix()): Promise<Record<string, string>> {
  return { REDIS_ENABLED: 'true', REDIS_URL: await testRedisUrl(), REDIS_KEY_PREFIX: keyPrefix };
}

export const newKeyPrefix = (): string => `test-${randomUUID()}:`;

export function redisConfigOf(url: string, keyPrefix = newKeyPrefix()): RedisConfig {
  const { hostname, port, password, pathname } = new URL(url);
  const db = Number(pathname.slice(1)) || 0;
  const secret = decodeURIComponent(password) || undefined;
  return {
    host: hostname,
    port: Number(port || 6379),
    username: undefined,
    password: secret,
    db,
    tls: false,
    keyPrefix,
  };
}

/** A server of a test's own, for tests that stop it; begins empty each time. */
export async function startRedis(port?: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'talksy-redis-'));
  const listenOn = port ?? (await freePort());
  const command = [...serverCommand(folder), '--port', String(listenOn)];
  // Detached, so that an interrupt of the terminal reaches the keeper only through its input.
  const keeper = spawn('sh', ['-c', KEEPER, folder, ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  keeper.unref();
  (keeper.stdin as unknown as { unref(): void }).unref();
  await untilListening(listenOn);
  const stop = (): Promise<void> => {
    keeper.stdin.end();
    return ended;
  };
  return { url: `redis://127.0.0.1:${listenOn}/0`, stop };
}

function serverCommand(folder: string): string[] {
  const program = process.env['TEST_REDIS'] === 'js-redis-server' ? undefined : findRedisServer();
  if (!program) return [process.execPath, JS_REDIS];
  return [program, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
}

async function untilListening(port: number): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!(await isListening(port))) {
    if (Date.now() > giveUpAt) throw new Error('redis-server did not start');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true))).once('error', () => resolve(false));
  });
}

function findRedisServer(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
