/** Typed, frozen slices of the configuration; each class is its own injection token. Times are milliseconds. */
export abstract class ServerConfig {
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly environment: 'development' | 'production' | 'test';
  /** Allowed origins; `localhost` allows any port of this machine, an empty list allows none. */
  abstract readonly corsOrigins: 'localhost' | readonly string[];
  abstract readonly trustProxy: boolean | number | string;
  abstract readonly bodyLimitBytes: number;
  abstract readonly messageMaxBytes: number;
  abstract readonly shutdownGraceMs: number;
  abstract readonly socketPingIntervalMs: number;
  abstract readonly socketPingTimeoutMs: number;
  abstract readonly socketConnectTimeoutMs: number;
}

export abstract class StoreConfig {
  /** Absolute path. */
  abstract readonly dataDir: string;
  abstract readonly databaseUrl: string | undefined;
}

export interface VendorConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
  readonly model: string;
}

export type ProviderName = 'mock' | 'openai' | 'groq';

export abstract class AiConfig {
  abstract readonly provider: ProviderName;
  abstract readonly systemPrompt: string;
  abstract readonly temperature: number | undefined;
  abstract readonly maxTokens: number | undefined;
  abstract readonly contextTokens: number;
  abstract readonly firstTokenTimeoutMs: number;
  abstract readonly idleTimeoutMs: number;
  abstract readonly openai: VendorConfig;
  abstract readonly groq: VendorConfig;
  abstract readonly mock: {
    readonly tokens: number;
    readonly tokenDelayMs: number;
    readonly firstTokenDelayMs: number;
    readonly failAtToken: number | undefined;
  };
}

export abstract class AuthConfig {
  /** Undefined: generate and keep in the data folder. */
  abstract readonly jwtSecret: string | undefined;
  abstract readonly refreshSecret: string | undefined;
  abstract readonly accessExpiryMs: number;
  abstract readonly refreshExpiryMs: number;
  abstract readonly bcryptRounds: number;
}

export abstract class SessionConfig {
  abstract readonly ttlMs: number;
  abstract readonly disconnectGraceMs: number;
  abstract readonly maxHistory: number;
  abstract readonly maxSessions: number;
}

export abstract class RunConfig {
  abstract readonly leaseTtlMs: number;
  abstract readonly logRetentionMs: number;
  abstract readonly recovery: 'continue' | 'interrupt';
  abstract readonly concurrencyPolicy: 'queue' | 'reject' | 'interrupt';
  /** Runs that may wait in one conversation. */
  abstract readonly maxQueued: number;
  abstract readonly maxConcurrentPerUser: number;
  abstract readonly timeoutMs: number;
}

export abstract class LogConfig {
  abstract readonly level: string;
  abstract readonly format: 'json' | 'pretty';
}

/** All slices together, as `loadConfig` returns them. */
export interface TalksyConfig {
  server: ServerConfig;
  store: StoreConfig;
  ai: AiConfig;
  auth: AuthConfig;
  session: SessionConfig;
  run: RunConfig;
  log: LogConfig;
}
