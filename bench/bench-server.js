import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const ASK_LIMIT_MS = 30_000;

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

/**
 * Runs `use` with the built server as its own process, and ends it whatever happens. `use` gets its `url`, and
 * `collectGarbage`, which asks it to collect now.
 */
export function withServer(more, use) {
  return inFolder(async (folder) => {
    // In the folder, so that no .env is read.
    const child = spawn(process.execPath, ['--expose-gc', '--import', preload, main], {
      cwd: folder,
      env: settings(folder, more),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      const url = await started(child);
      return await use({ url, collectGarbage: () => collectGarbage(child) });
    } finally {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
  });
}

const main = join(import.meta.dirname, '../dist/main.js');
const preload = new URL('garbage-on-demand.js', import.meta.url).href;

function started(child) {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the server ${why}: ${output}`));
    const timer = setTimeout(() => fail('did not start in time'), START_LIMIT_MS);
    child.once('close', () => (clearTimeout(timer), fail('ended')));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const port = /http:\/\/localhost:(\d+)/.exec(output)?.[1];
        if (port) resolve(`http://127.0.0.1:${port}`);
        if (port) clearTimeout(timer);
      });
    }
  });
}

function collectGarbage(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not collect its garbage')), ASK_LIMIT_MS);
    child.once('message', () => (clearTimeout(timer), resolve()));
    child.send('collect');
  });
}
