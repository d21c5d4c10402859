import { resolve } from 'node:path';
import Joi from 'joi';
import { ConfigError } from './config-error.js';
import type { TalksyConfig } from './config.js';
import { requireWorkable } from './production-rules.js';
import { VARIABLE_GROUPS } from './variables/groups.js';

/** The variables as Joi returns them: checked, converted, defaults filled in. */
export type Settings = Record<string, unknown>;

const schema = Joi.object(Object.assign({}, ...VARIABLE_GROUPS.map((group) => group.variables)));

/** Reads, checks and freezes the configuration. A variable that is set but empty counts as unset. Throws ConfigError. */
export function loadConfig(env: NodeJS.ProcessEnv, isTerminal = false): TalksyConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const { error, value } = schema.validate(set, { stripUnknown: true, errors: { wrap: { label: false } } });
  if (error) throw new ConfigError(`${error.message} (see .env.example)`);
  const config = slice(value as Settings, isTerminal);
  requireWorkable(config);
  return freezeDeep(config);
}

function slice(settings: Settings, isTerminal: boolean): TalksyConfig {
  const get = <T>(name: string): T => settings[name] as T;
  return {
    server: {
      port: get('PORT'),
      host: get('HOST'),
      environment: get('NODE_ENV'),
      corsOrigins: originsOf(get('CORS_ORIGIN'), get('NODE_ENV')),
      trustProxy: get('TRUST_PROXY'),
      bodyLimitBytes: get('BODY_LIMIT_BYTES'),
      messageMaxBytes: get('MESSAGE_MAX_BYTES'),
      shutdownGraceMs: get('SHUTDOWN_GRACE_MS'),
      socketPingIntervalMs: get('SOCKET_PING_INTERVAL_MS'),
      socketPingTimeoutMs: get('SOCKET_PING_TIMEOUT_MS'),
      socketConnectTimeoutMs: get('SOCKET_CONNECT_TIMEOUT_MS'),
    },
    store: { dataDir: resolve(get<string>('DATA_DIR')), databaseUrl: get('DATABASE_URL') },
    ai: {
      provider: get('AI_PROVIDER'),
      systemPrompt: get('AI_SYSTEM_PROMPT'),
      temperature: get('AI_TEMPERATURE'),
      maxTokens: get('AI_MAX_TOKENS'),
      contextTokens: get('AI_CONTEXT_TOKENS'),
      firstTokenTimeoutMs: get('AI_FIRST_TOKEN_TIMEOUT_MS'),
      idleTimeoutMs: get('AI_IDLE_TIMEOUT_MS'),
      openai: { apiKey: get('OPENAI_API_KEY'), baseUrl: get('OPENAI_BASE_URL'), model: get('OPENAI_MODEL') },
      groq: { apiKey: get('GROQ_API_KEY'), baseUrl: get('GROQ_BASE_URL'), model: get('GROQ_MODEL') },
      mock: {
        tokens: get('AI_MOCK_TOKENS'),
        tokenDelayMs: get('AI_MOCK_TOKEN_DELAY_MS'),
        firstTokenDelayMs: get('AI_MOCK_FIRST_TOKEN_DELAY_MS'),
        failAtToken: get('AI_MOCK_FAIL_AT_TOKEN'),
      },
    },
    auth: {
      jwtSecret: get('JWT_SECRET'),
      refreshSecret: get('REFRESH_SECRET'),
      accessExpiryMs: get('JWT_ACCESS_EXPIRY'),
      refreshExpiryMs: get('JWT_REFRESH_EXPIRY'),
      bcryptRounds: get('BCRYPT_ROUNDS'),
    },
    session: {
      ttlMs: get('SESSION_TTL_MS'),
      disconnectGraceMs: get('SESSION_DISCONNECT_GRACE_MS'),
      maxHistory: get('SESSION_MAX_HISTORY'),
      maxSessions: get('SESSION_MAX_SESSIONS'),
    },
    run: {
      leaseTtlMs: get('RUN_LEASE_TTL_MS'),
      logRetentionMs: get('RUN_LOG_RETENTION_MS'),
      recovery: get('RUN_RECOVERY'),
      timeoutMs: get('RUN_TIMEOUT_MS'),
    },
    log: { level: get('LOG_LEVEL'), format: get('LOG_FORMAT') ?? (isTerminal ? 'pretty' : 'json') },
  };
}

function originsOf(list: string | undefined, environment: string): 'localhost' | readonly string[] {
  if (list === undefined) return environment === 'production' ? [] : 'localhost';
  return list
    .split(',')
    .map((origin) => origin.trim().replace(/\/$/, ''))
    .filter(Boolean);
}

function freezeDeep<T extends object>(value: T): T {
  for (const child of Object.values(value)) if (child && typeof child === 'object') freezeDeep(child);
  return Object.freeze(value);
}
