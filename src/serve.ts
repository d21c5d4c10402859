import { banner } from './banner.js';
import { ConfigError } from './config/config-error.js';
import type { TalksyConfig } from './config/config.js';
import { environment } from './config/environment.js';
import { loadConfig } from './config/load-config.js';
import { findMisspelt } from './config/misspelt.js';
import { APP_INFO } from './common/app-info.js';
import { startServer, type TalksyServer } from './server.js';
import { openDurableStorage } from './storage/database/durable-storage.js';

/** What a process gives the server. */
export interface ServeContext {
  isTerminal: boolean;
  out: (line: string) => void;
  err: (line: string) => void;
}

/** Reads the configuration, starts the server and greets. Undefined where it cannot start: `err` got one line why. */
export async function serve({ isTerminal, out, err }: ServeContext): Promise<TalksyServer | undefined> {
  try {
    const env = environment();
    const config = loadConfig(env, isTerminal);
    for (const { given, meant } of findMisspelt(env))
      err(`${given} is not a variable of Talksy; did you mean ${meant}?`);
    const storage = openDurableStorage(config.store);
    const server = await startServer(config, { storage });
    out(greeting(config, server.url));
    return server;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    err(`Talksy cannot start: ${error.message}`);
    return undefined;
  }
}

function greeting({ ai, store }: TalksyConfig, url: string): string {
  return banner({
    ...APP_INFO,
    url,
    provider: ai.provider,
    model: ai.provider === 'mock' ? 'mock' : ai.vendors[ai.provider].model,
    storage: store.redis ? `Redis at ${store.redis.host}:${store.redis.port}` : 'memory (one node)',
    database: store.databaseUrl ? `PostgreSQL at ${new URL(store.databaseUrl).host}` : `PGlite in ${store.dataDir}`,
  });
}
