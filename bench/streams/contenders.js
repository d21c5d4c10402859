import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  inFolder,
  OTHER_CORES,
  register,
  SERVER_CORE,
  startMeasured,
  startNode,
  startTalksy,
} from '../bench-server.js';
import { startPostgres, startRedis } from './stores.js';

const ROOT = join(import.meta.dirname, '../..');
const ACCOUNTS = 250;
const PASSWORD = 'correct horse 7 battery';

/** Names of the relays that Talksy is measured against. */
export const BARE = 'bare relay';
export const UNDICI = 'bare, undici';
/** The floor of the machine. */
export const TICKED = 'bare, ticked';

const RELAYS = { [BARE]: 'relay.js', [UNDICI]: 'relay-undici.js', [TICKED]: 'relay-ticked.js' };

/**
 * Runs `use` with a stage: the fake upstream, the load, the stores, and `start(name)` for each contender. A relay gets
 * its upstream and nothing else; `talksy` has its own database on PostgreSQL where that is installed. Everything is
 * ended whatever happens.
 *
 * @param {object} options `vs`, a git ref: `talksy@<ref>` is Talksy as built from it; `env`, more settings of it; `accounts`, how many it has; `stores: false` starts no
 *   PostgreSQL.
 */
export function onStage(options, use) {
  return inFolder(async (folder) => {
    const ends = [];
    try {
      const upstream = startNode(join(import.meta.dirname, 'upstream.js'), { core: OTHER_CORES });
      const load = startNode(join(import.meta.dirname, 'load.js'), { core: OTHER_CORES });
      ends.push(upstream.stop, load.stop);
      const { port } = await upstream.ready;
      const postgres = options.stores === false ? undefined : await startPostgres(folder);
      if (postgres) ends.push(postgres.stop);
      const stage = { ...options, folder, upstream, load, postgres, ends, upstreamUrl: `http://127.0.0.1:${port}/v1` };
      return await use({ ...stage, start: (name) => startContender(stage, name) });
    } finally {
      for (const end of ends.toReversed()) await end();
    }
  });
}

async function startContender(stage, name) {
  const started = await (Object.hasOwn(RELAYS, name) ? startRelay(stage, name) : startOurs(stage, name));
  stage.ends.push(started.stop);
  return { name, ...started };
}

async function startRelay({ upstreamUrl }, name) {
  const script = join(import.meta.dirname, '../relay', RELAYS[name]);
  return startMeasured(script, { env: { OPENAI_BASE_URL: upstreamUrl }, core: SERVER_CORE });
}

/** `talksy`, `talksy, pglite`, `talksy, redis` or `talksy@<ref>`. */
async function startOurs(stage, name) {
  const { upstreamUrl, postgres, folder, ends, accounts = ACCOUNTS } = stage;
  const home = join(folder, name.replaceAll(/\W+/g, '-'));
  mkdirSync(home);
  const redis = name.includes('redis') ? await startRedis(home) : undefined;
  if (redis) ends.push(redis.stop);
  const root = name.includes('@') ? checkout(stage) : ROOT;
  const database = name.includes('pglite') ? undefined : await postgres?.create();
  const env = {
    NODE_ENV: 'production',
    JWT_SECRET: 'a secret of the bench, and of nobody else',
    AI_PROVIDER: 'openai',
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: upstreamUrl,
    OPENAI_MODEL: 'bench',
    RATE_LIMIT_ENABLED: 'false',
    BCRYPT_ROUNDS: '4',
    ...(database && { DATABASE_URL: database }),
    ...stage.env,
    ...(redis && { REDIS_ENABLED: 'true', REDIS_URL: redis.url }),
  };
  const server = await startTalksy(root, home, env, { core: SERVER_CORE });
  return { ...server, redis, tokens: await tokensFor(server.url, accounts) };
}

async function tokensFor(url, accounts) {
  const tokens = [];
  for (let i = 0; i < accounts; i++) tokens.push((await register(url, `bench-${i}@example.com`, PASSWORD)).accessToken);
  return tokens;
}

/** The ref, built in a working tree of its own beside this one. */
function checkout({ vs, ends }) {
  const path = mkdtempSync(join(tmpdir(), 'talksy-vs-'));
  const git = (...args) => execFileSync('git', ['-C', ROOT, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('worktree', 'add', '--detach', '--force', path, vs);
  ends.push(() => {
    git('worktree', 'remove', '--force', path);
    rmSync(path, { recursive: true, force: true });
  });
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  execFileSync(process.execPath, [join(path, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], { cwd: path });
  return path;
}
