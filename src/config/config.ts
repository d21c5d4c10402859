/** Typed, frozen slices of the configuration; each class is its own injection token. Times are milliseconds. */
export abstract class ServerConfig {
  readonly port!: number;
  readonly host!: string;
  readonly environment!: 'development' | 'production' | 'test';
  /** Allowed origins; `localhost` allows any port of this machine, an empty list allows none. */
  readonly corsOrigins!: 'localhost' | readonly string[];
  readonly trustProxy!: boolean | number | string;
  readonly bodyLimitBytes!: number;
  readonly messageMaxBytes!: number;
  readonly shutdownGraceMs!: number;
  readonly socketPingIntervalMs!: number;
  readonly socketPingTimeoutMs!: number;
  readonly socketConnectTimeoutMs!: number;
}

export abstract class StoreConfig {
  /** Absolute path. */
  readonly dataDir!: string;
  readonly databaseUrl!: string | undefined;
}

export interface VendorConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
  readonly model: string;
}

export type ProviderName = 'mock' | 'openai' | 'groq';

export abstract class AiConfig {
  readonly provider!: ProviderName;
  readonly systemPrompt!: string;
  readonly temperature!: number | undefined;
  readonly maxTokens!: number | undefined;
  readonly contextTokens!: number;
  readonly firstTokenTimeoutMs!: number;
  readonly idleTimeoutMs!: number;
  readonly openai!: VendorConfig;
  readonly groq!: VendorConfig;
  readonly mock!: {
    readonly tokens: number;
    readonly tokenDelayMs: number;
    readonly firstTokenDelayMs: number;
    readonly failAtToken: number | undefined;
  };
}

export abstract class AuthConfig {
  /** Undefined: generate and keep in the data folder. */
  readonly jwtSecret!: string | undefined;
  readonly refreshSecret!: string | undefined;
  readonly accessExpiryMs!: number;
  readonly refreshExpiryMs!: number;
  readonly bcryptRounds!: number;
}

export abstract class SessionConfig {
  readonly ttlMs!: number;
  readonly disconnectGraceMs!: number;
  readonly maxHistory!: number;
  readonly maxSessions!: number;
}

export abstract class RunConfig {
  readonly leaseTtlMs!: number;
  readonly logRetentionMs!: number;
  readonly recovery!: 'continue' | 'interrupt';
  readonly timeoutMs!: number;
}

export abstract class LogConfig {
  readonly level!: string;
  readonly format!: 'json' | 'pretty';
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
