import { execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { canPin, OTHER_CORES } from '../bench-server.js';

const DEBIAN_ROOT = '/usr/lib/postgresql';
const TRIES = 200;
const PAUSE_MS = 50;
const QUICK = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => ['-c', `${name}=off`]);

/** PostgreSQL on the cores of the others, not durable; undefined where its programs are not installed. */
export async function startPostgres(folder) {
  const programs = folderOf('initdb');
  if (!programs) return undefined;
  const account = unprivileged();
  const home = ownFolder(folder, 'postgres', account);
  const data = join(home, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...account, cwd: home, stdio: 'ignore' });
  const port = await freePort();
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories='];
  const stop = start(join(programs, 'postgres'), ['-D', data, ...QUICK, ...listen], { ...account, cwd: home });
  const address = `postgres://postgres@127.0.0.1:${port}`;
  await untilUp(() => query(`${address}/postgres`, 'select 1'));
  let databases = 0;
  /** An empty database for one server. */
  const create = async () => {
    const name = `bench_${++databases}`;
    await query(`${address}/postgres`, `create database ${name}`);
    return `${address}/${name}`;
  };
  return { create, stop };
}

/** Redis on the cores of the others, and how much CPU it has used; undefined where it is not installed. */
export async function startRedis(folder) {
  const programs = folderOf('redis-server');
  if (!programs) return undefined;
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const stop = start(join(programs, 'redis-server'), options, { cwd: folder });
  const redis = new Redis({ port, host: '127.0.0.1', commandTimeout: 5000, maxRetriesPerRequest: 20 });
  redis.on('error', () => undefined);
  await untilUp(() => redis.ping());
  const cpuMs = async () => {
    const info = await redis.info('cpu');
    const seconds = (name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)[1]);
    return 1000 * (seconds('used_cpu_user') + seconds('used_cpu_sys'));
  };
  return { url: `redis://127.0.0.1:${port}`, cpuMs, stop: () => (redis.disconnect(), stop()) };
}

/** Starts a program that ends on SIGINT; gives the way to end it. */
function start(program, options, more) {
  const [file, args] = canPin ? ['taskset', ['-c', OTHER_CORES, program, ...options]] : [program, options];
  const child = spawn(file, args, { ...more, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return async () => {
    child.kill('SIGINT');
    await ended;
  };
}

async function untilUp(ask) {
  for (let i = 1; ; i++) {
    try {
      return await ask();
    } catch (error) {
      if (i === TRIES) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function query(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Where a program is: on the PATH, or where Debian keeps those of PostgreSQL. */
function folderOf(program) {
  const debian = (attempt(() => readdirSync(DEBIAN_ROOT)) ?? []).toSorted((a, b) => Number(b) - Number(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const folders = [...onPath, ...debian.map((version) => join(DEBIAN_ROOT, version, 'bin'))];
  return folders.find((folder) => attempt(() => (accessSync(join(folder, program)), true)));
}

/** PostgreSQL refuses to run as root; as anybody else it runs as that. */
function unprivileged() {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  const [, , uid, gid] = (accounts.find((line) => /^(postgres|nobody):/.test(line)) ?? '').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function ownFolder(parent, name, account) {
  const path = join(parent, name);
  mkdirSync(path);
  chmodSync(parent, 0o755);
  if (account) chownSync(path, account.uid, account.gid);
  return path;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
