import type { ProviderName, VendorName } from './vendors.js';

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
  /** Undefined: metrics are open. */
  abstract readonly metricsToken: string | undefined;
  abstract readonly shutdownGraceMs: number;
  abstract readonly socketPingIntervalMs: number;
  abstract readonly socketPingTimeoutMs: number;
  abstract readonly socketConnectTimeoutMs: number;
}

export interface RedisConfig {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: boolean;
  /** Stands before the name of every key and channel. */
  readonly keyPrefix: string;
}

export abstract class StoreConfig {
  /** Absolute path. */
  abstract readonly dataDir: string;
  abstract readonly databaseUrl: string | undefined;
  /** Undefined: hot state lives in the memory of this node. */
  abstract readonly redis?: RedisConfig | undefined;
}

export interface VendorConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
  readonly model: string;
}

/** What a model can do beside text. */
export type ModelCapability = 'tools' | 'json_schema' | 'vision';

/** A model that users may ask for by name. */
export interface ModelConfig {
  readonly id: string;
  readonly provider: ProviderName;
  /** How much of a conversation it is shown. Undefined: AI_CONTEXT_TOKENS. */
  readonly contextTokens?: number;
  /** Undefined: everything. */
  readonly capabilities?: readonly ModelCapability[];
}

export abstract class AiConfig {
  /** The first of the chain. */
  abstract readonly provider: ProviderName;
  /** Who is asked, in this order; never empty. */
  abstract readonly chain: readonly ProviderName[];
  /** Providers that were named but have neither key nor base URL. */
  abstract readonly leftOut: readonly ProviderName[];
  /** Whether the mock may answer although nobody named it. */
  abstract readonly fallback: boolean;
  abstract readonly models: readonly ModelConfig[];
  abstract readonly systemPrompt: string;
  abstract readonly temperature: number | undefined;
  abstract readonly maxTokens: number | undefined;
  abstract readonly contextTokens: number;
  /** Whether what falls out of the context is summarized for the model. */
  abstract readonly contextSummary: boolean;
  /** Tokens that a user may use in a day (UTC). Undefined: as many as they like. */
  abstract readonly dailyTokenBudget: number | undefined;
  abstract readonly connectTimeoutMs: number;
  abstract readonly firstTokenTimeoutMs: number;
  abstract readonly idleTimeoutMs: number;
  /** Further tries at one provider, before its first token. */
  abstract readonly retries: number;
  abstract readonly breaker: { readonly failures: number; readonly openMs: number };
  abstract readonly vendors: Readonly<Record<VendorName, VendorConfig>>;
  abstract readonly mock: {
    readonly tokens: number;
    readonly tokenDelayMs: number;
    readonly firstTokenDelayMs: number;
    readonly failAtToken: number | undefined;
  };
}

/** How much a cache may hold, and for how long; a size of 0 keeps nothing. */
export interface CacheConfig {
  readonly maxSize: number;
  readonly ttlMs: number;
}

export abstract class AuthConfig {
  /** Undefined: generate and keep in the data folder. */
  abstract readonly jwtSecret: string | undefined;
  /** Verify, and never sign. */
  abstract readonly jwtPreviousSecrets: readonly string[];
  abstract readonly refreshSecret: string | undefined;
  abstract readonly accessExpiryMs: number;
  abstract readonly refreshExpiryMs: number;
  abstract readonly bcryptRounds: number;
  /** False: who comes without a credential is a guest. */
  abstract readonly required: boolean;
  abstract readonly guestsInProduction: boolean;
  /** Of service clients; names and keys are unique. */
  abstract readonly apiKeys: readonly { readonly name: string; readonly key: string }[];
  /** The first admin: both are set, or neither is. */
  abstract readonly admin: { readonly email: string | undefined; readonly password: string | undefined } | undefined;
  abstract readonly cache: { readonly users: CacheConfig; readonly tokens: CacheConfig };
}

export abstract class SessionConfig {
  abstract readonly ttlMs: number;
  abstract readonly disconnectGraceMs: number;
  abstract readonly maxHistory: number;
  abstract readonly maxSessions: number;
}

/** So many within each stretch of time of this length. */
export interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

export abstract class LimitConfig {
  abstract readonly enabled: boolean;
  /** Of a user. */
  abstract readonly messages: Rate;
  /** Of a user who comes with API keys. */
  abstract readonly keyMessages: Rate;
  /** REST requests of an address; a signed-in user may make ten times as many. */
  abstract readonly requests: Rate;
  /** Registrations, logins and refreshes of an address. */
  abstract readonly signIns: Rate;
}

export abstract class RunConfig {
  abstract readonly leaseTtlMs: number;
  abstract readonly logRetentionMs: number;
  abstract readonly recovery: 'continue' | 'interrupt';
  /** Times a model may be asked within one run; each round of tool calls costs one. */
  abstract readonly maxSteps: number;
  abstract readonly concurrencyPolicy: 'queue' | 'reject' | 'interrupt';
  /** Runs that may wait in one conversation. */
  abstract readonly maxQueued: number;
  abstract readonly maxConcurrentPerUser: number;
  /** Runs that one node plays at once. */
  abstract readonly maxActivePerNode: number;
  /** Messages that one node takes at once, until each is a run on its log. */
  abstract readonly maxStarting: number;
  /** How late the event loop may be, for a second and longer, before new runs are refused; 0 for ever. */
  abstract readonly maxLagMs: number;
  abstract readonly timeoutMs: number;
  /** Where a new conversation has its title from. */
  abstract readonly titles: 'first-message' | 'model';
}

/** A server of the Model Context Protocol: a program to start, or an address. */
export type McpServerConfig = {
  readonly name: string;
  /** Which of its tools need a person's approval: those that say they destroy something, all, or none. */
  readonly approval: 'destructive' | 'always' | 'never';
  /** The least role that may use them. */
  readonly role: 'guest' | 'user' | 'admin';
} & (
  | {
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> }
);

export abstract class ToolConfig {
  abstract readonly timeoutMs: number;
  abstract readonly maxConcurrent: number;
  abstract readonly approvalTtlMs: number;
  abstract readonly httpFetchEnabled: boolean;
  abstract readonly mcpServers: readonly McpServerConfig[];
  abstract readonly mcpAllowedHosts: readonly string[];
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
  limits: LimitConfig;
  run: RunConfig;
  tools: ToolConfig;
  log: LogConfig;
}
