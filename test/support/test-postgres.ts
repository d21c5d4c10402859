import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import pg from 'pg';
import { freePort } from '../../src/verify/free-port.js';

/** Debian keeps the server's programs off PATH. */
const DEBIAN_ROOT = '/usr/lib/postgresql';
const START_LIMIT_MS = 20_000;
/** Under this key the address of this process's server outlives Jest's module registry, which is new for each file. */
const SERVER_KEY = 'talksy-test-postgres';

const DURABILITY_OFF = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => ['-c', `${name}=off`]);

/**
 * Runs the server until its own standard input ends, which it does with the process that started it, however that
 * dies; then stops it and removes its folder. $0 is the folder, the rest the command.
 */
const KEEPER = '"$@" >"$0/log" 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$0"';

/** Whether tests on a real PostgreSQL can run here; says so once where they cannot. */
export function hasPostgres(): boolean {
  if (process.env['TEST_DATABASE_URL'] || findPrograms()) return true;
  process.stderr.write('not run: suites on PostgreSQL (no TEST_DATABASE_URL, no initdb); they run on PGlite only\n');
  return false;
}

/** A database of one suite on a real PostgreSQL. */
export interface TestPostgresDatabase {
  url: string;
  /** Runs a statement as an administrator, over a connection of its own. */
  administrate(sql: string): Promise<unknown[]>;
  drop(): Promise<void>;
}

/** Makes an empty database on TEST_DATABASE_URL, or on a server of this process that starts with the first call. */
export async function createPostgresDatabase(): Promise<TestPostgresDatabase> {
  const server =
    process.env['TEST_DATABASE_URL'] ?? (getEnvironmentData(SERVER_KEY) as string | undefined) ?? (await start());
  const name = `talksy_test_${randomUUID().replaceAll('-', '')}`;
  const administrate = (sql: string) => queryOnce(server, sql);
  await administrate(`create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    administrate,
    drop: async () => void (await administrate(`drop database ${name} with (force)`)),
  };
}

async function queryOnce(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function start(): Promise<string> {
  const programs = findPrograms()!;
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(tmpdir(), 'talksy-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...account, cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories='];
  const command = [join(programs, 'postgres'), '-D', data, ...DURABILITY_OFF, ...listen];
  // Detached, so that an interrupt of the terminal reaches the keeper only through its input.
  const keeper = spawn('sh', ['-c', KEEPER, folder, ...command], {
    ...account,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  (keeper.stdin as unknown as { unref(): void }).unref();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilAnswering(url, join(folder, 'log'));
  setEnvironmentData(SERVER_KEY, url);
  return url;
}

async function untilAnswering(url: string, log: string): Promise<void> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  for (;;) {
    const error = await queryOnce(url, 'select 1').then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!error) return;
    if (Date.now() > giveUpAt)
      throw new Error(`PostgreSQL did not start: ${readFileSync(log, 'utf8')}`, { cause: error });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The folder of initdb and postgres. */
export function findPrograms(): string | undefined {
  const debian = readable(() => readdirSync(DEBIAN_ROOT)) ?? [];
  const newestFirst = [...debian].toSorted((a, b) => Number(b) - Number(a));
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean),
    ...newestFirst.map((version) => join(DEBIAN_ROOT, version, 'bin')),
  ];
  return folders.find((folder) =>
    readable(() => ['initdb', 'postgres'].map((program) => accessSync(join(folder, program), constants.X_OK))),
  );
}

/** PostgreSQL refuses to run as root; as anybody else the tests run it as themselves. */
export function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  return { uid: Number(account?.[2]), gid: Number(account?.[3]) };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
