import { resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';
import { VARIABLE_GROUPS } from './variables/groups.js';

const refusal = (env: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('The configuration', () => {
  it('needs no variable at all', () => {
    const config = loadConfig({});
    expect(config.server).toEqual({
      port: 3000,
      host: '0.0.0.0',
      environment: 'development',
      corsOrigins: 'localhost',
      trustProxy: false,
      bodyLimitBytes: 1_048_576,
      messageMaxBytes: 65_536,
      shutdownGraceMs: 30_000,
      socketPingIntervalMs: 25_000,
      socketPingTimeoutMs: 20_000,
      socketConnectTimeoutMs: 45_000,
    });
    expect(config.store).toEqual({ dataDir: resolve('.data'), databaseUrl: undefined, redis: undefined });
    expect(config.ai).toMatchObject({ provider: 'mock', firstTokenTimeoutMs: 20_000, idleTimeoutMs: 15_000 });
    expect(config.ai.mock).toEqual({ tokens: 60, tokenDelayMs: 20, firstTokenDelayMs: 100, failAtToken: undefined });
    expect(config.auth).toMatchObject({ accessExpiryMs: 900_000, refreshExpiryMs: 604_800_000, bcryptRounds: 12 });
    expect(config.session).toEqual({
      ttlMs: 900_000,
      disconnectGraceMs: 300_000,
      maxHistory: 100,
      maxSessions: 10_000,
    });
    expect(config.run).toMatchObject({ leaseTtlMs: 2000, logRetentionMs: 3_600_000, recovery: 'continue' });
  });

  it('takes a variable that is set but empty as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '  ', LOG_LEVEL: '\t' })).toEqual(loadConfig({}));
  });

  it('reads every variable that it documents', () => {
    const read = new Set<string>();
    const names = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
    const admin = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'correct horse' };
    const plain = (env: NodeJS.ProcessEnv) => JSON.stringify(loadConfig(env));
    const samples = [
      '1.5',
      '7',
      '70000',
      '7d',
      'production',
      'openai',
      'interrupt',
      'model',
      'debug',
      'json',
      'https://a.example',
      'redis://h',
      'true',
      'false',
      '3d',
      'pretty',
      'ada@example.com',
      '[{"id":"m","provider":"openai"}]',
      '{"a":{"command":"b"}}',
      `name:${'k'.repeat(32)}`,
    ];
    for (const name of names) {
      for (const sample of [...samples, 'postgres://u@h/d', 'a text that is long enough for a secret']) {
        const others = {
          JWT_SECRET: 'x'.repeat(32),
          OPENAI_API_KEY: 'k',
          REDIS_ENABLED: 'true',
          [name]: undefined,
          ...admin,
        };
        const env = { ...others, [name]: sample };
        if (refusal(env) === 'accepted' && plain(env) !== plain(others)) read.add(name);
      }
    }
    expect([...read]).toEqual(names);
  });

  it('finds Redis by its address or by single variables, and only when it is enabled', () => {
    const parts = { REDIS_HOST: 'cache', REDIS_PORT: '7000', REDIS_PASSWORD: 'p', REDIS_DB: '3', REDIS_TLS: 'true' };
    expect(loadConfig(parts).store.redis).toBeUndefined();
    const found = { host: 'cache', port: 7000, username: undefined, password: 'p', db: 3, tls: true };
    expect(loadConfig({ REDIS_ENABLED: 'true', ...parts }).store.redis).toEqual({ ...found, keyPrefix: 'talksy:' });
    const REDIS_URL = 'rediss://me:p%40ss@cache/2';
    expect(loadConfig({ REDIS_ENABLED: 'true', ...parts, REDIS_URL }).store.redis).toEqual({
      ...{ host: 'cache', port: 6379, username: 'me', password: 'p@ss', db: 2, tls: true },
      keyPrefix: 'talksy:',
    });
  });

  it('cannot be changed by anybody', () => {
    const { ai } = loadConfig({});
    expect(() => Object.assign(ai.mock, { tokens: 1 })).toThrow(TypeError);
  });

  it('writes for people in a terminal and for programs elsewhere, unless told', () => {
    expect(loadConfig({}, true).log.format).toBe('pretty');
    expect(loadConfig({}, false).log.format).toBe('json');
    expect(loadConfig({ LOG_FORMAT: 'json' }, true).log.format).toBe('json');
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['NODE_ENV', 'prod'],
    ['CORS_ORIGIN', 'chat.example.com'],
    ['CORS_ORIGIN', '*'],
    ['TRUST_PROXY', 'nginx'],
    ['TRUST_PROXY', '10.0.0.0/99'],
    ['BODY_LIMIT_BYTES', '12.5'],
    ['DATABASE_URL', 'mysql://user:hunter2@db/talksy'],
    ['DATABASE_URL', 'postgres://user:hunter2@db:99999/talksy'],
    ['REDIS_ENABLED', 'perhaps'],
    ['REDIS_URL', 'http://:hunter2@cache:6379'],
    ['REDIS_HOST', 'two hosts'],
    ['REDIS_KEY_PREFIX', 'talksy{a}:'],
    ['AI_PROVIDER', 'parrot'],
    ['AI_TEMPERATURE', '3'],
    ['OPENAI_BASE_URL', 'localhost:11434'],
    ['JWT_ACCESS_EXPIRY', 'soon'],
    ['JWT_ACCESS_EXPIRY', '0m'],
    ['JWT_REFRESH_EXPIRY', '999999w'],
    ['BCRYPT_ROUNDS', '40'],
    ['RUN_RECOVERY', 'maybe'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('refuses a bad %s (%s) in one line that names it', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} `));
    expect(message).not.toMatch(/\n|hunter2/);
  });

  it('never repeats a secret', () => {
    const secret = 'hunter2';
    for (const name of ['JWT_SECRET', 'REFRESH_SECRET', 'DATABASE_URL']) {
      const message = refusal({ [name]: secret });
      expect(message).toMatch(name);
      expect(message).not.toContain(secret);
    }
  });

  it('ignores what is not its own', () => {
    expect(loadConfig({ PATH: '/bin', LANG: 'C' })).toEqual(loadConfig({}));
  });
});
