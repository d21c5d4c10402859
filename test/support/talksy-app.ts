import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppParts } from '../../src/app.module.js';
import { loadConfig } from '../../src/config/load-config.js';
import { DataFolder } from '../../src/storage/database/data-folder.js';
import { startServer, type TalksyServer } from '../../src/server.js';
import { openMemoryDatabase } from './test-database.js';

/** Quick where speed does not matter to what is tested: cheap hashes, no limits, no pauses in the mock's answers. */
export const QUICK = {
  NODE_ENV: 'test',
  PORT: '0',
  HOST: '127.0.0.1',
  BCRYPT_ROUNDS: '4',
  LOG_LEVEL: 'silent',
  AI_MOCK_TOKEN_DELAY_MS: '0',
  AI_MOCK_FIRST_TOKEN_DELAY_MS: '0',
  RUN_LEASE_TTL_MS: '400',
  SHUTDOWN_GRACE_MS: '0',
  RATE_LIMIT_ENABLED: 'false',
};

export interface TestApp extends TalksyServer {
  /** Stops the server and removes what it left on disk. */
  close(): Promise<void>;
}

/** The real server on a free port, with a database in memory unless DATABASE_URL names another; `parts` it is given otherwise it makes itself. */
export async function startTalksy(env: Record<string, string> = {}, parts: AppParts = {}): Promise<TestApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'talksy-app-'));
  const config = loadConfig({ ...QUICK, DATA_DIR: dataDir, ...env });
  // Made only where it is needed: a database that nobody closes keeps the process alive.
  const inMemory = () => ({ storage: { folder: new DataFolder(dataDir), database: openMemoryDatabase() } });
  const server = await startServer(config, { ...(!parts.storage && !env['DATABASE_URL'] && inMemory()), ...parts });
  return {
    ...server,
    close: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
