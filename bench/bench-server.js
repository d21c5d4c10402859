import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsOf } from './streams/command-channel.js';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const ASK_LIMIT_MS = 90_000;
/** The server has one core for itself, where it can be given one. */
export const SERVER_CORE = '0';
export const OTHER_CORES = `1-${availableParallelism() - 1}`;

/** Runs `use` with a new empty folder, and removes it whatever happens. */
export async function inFolder(use) {
  const path = mkdtempSync(join(tmpdir(), 'talksy-bench-'));
  try {
    return await use(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** What every server here is started with: nothing of the caller's environment, a free port of 127.0.0.1, no log. */
export function settings(folder, more = {}) {
  return { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: join(folder, 'data'), ...more };
}

/** Sends JSON; answers with status and body. */
export async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ASK_LIMIT_MS),
  });
  return { status: response.status, body: await response.json() };
}

/** Makes an account; what the server answers holds its id and its tokens. */
export async function register(url, email, password) {
  const { status, body } = await post(`${url}/auth/register`, { email, password });
  if (status !== 201) throw new Error(`the registration was answered with ${status}: ${JSON.stringify(body)}`);
  return body.data;
}

/** Whether processes can be kept to a core here. */
export const canPin =
  availableParallelism() > 1 &&
  attempt(() => execFileSync('taskset', ['-c', SERVER_CORE, 'true'], { stdio: 'ignore' }));

/**
 * Starts a script of Node with a channel for commands. `stop` asks it to end, and makes it; `ask` sends a command of
 * command-channel.js; `output` resolves with the first match of a pattern in what it prints.
 */
export function startNode(script, { args = [], env = {}, cwd, core }) {
  const [file, ...before] = canPin && core ? ['taskset', '-c', core, process.execPath] : [process.execPath];
  const child = spawn(file, [...before, ...args, script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const { ready, ask } = commandsOf(child, ASK_LIMIT_MS);
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  };
  return { ready, ask, stop, output: (pattern) => printed(child, pattern) };
}

/** Starts a server that prints its address; it can be asked for `usage` and to `collect`. */
export async function startMeasured(script, options) {
  const args = ['--expose-gc', ...(options.args ?? [])];
  const server = startNode(script, { ...options, args });
  try {
    const port = await server.output(/http:\/\/localhost:(\d+)/);
    return { ...server, url: `http://127.0.0.1:${port}` };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Runs `use` with the built server as its own process, and ends it whatever happens. `use` gets its `url`, and
 * `collectGarbage`, which asks it to collect now.
 */
export function withServer(more, use) {
  return inFolder(async (folder) => {
    const server = await startTalksy(join(import.meta.dirname, '..'), folder, more);
    try {
      return await use({ ...server, collectGarbage: () => server.ask('collect') });
    } finally {
      await server.stop();
    }
  });
}

/** The server built in `root`, with the flags of its `npm start`; it runs in `folder`, so that no .env is read. */
export function startTalksy(root, folder, more, { core } = {}) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, ...flags] = scripts.start.split(' ').slice(0, -1);
  const options = { args: [...flags, '--import', preload], cwd: folder, env: settings(folder, more), core };
  return startMeasured(join(root, 'dist/main.js'), options);
}

const preload = new URL('streams/measured-process.js', import.meta.url).href;

function printed(child, pattern) {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the server ${why}: ${output}`));
    const timer = setTimeout(() => fail('did not start in time'), START_LIMIT_MS);
    child.once('close', () => (clearTimeout(timer), fail('ended')));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const found = pattern.exec(output)?.[1];
        if (found) resolve(found);
        if (found) clearTimeout(timer);
      });
    }
  });
}

function attempt(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
