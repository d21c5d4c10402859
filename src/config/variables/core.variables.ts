import Joi from 'joi';
import type { ServerConfig } from '../config.js';
import { count, millis, origins, port, text, trustedProxies } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** Where the server listens and what it accepts. */
export const coreVariables = {
  PORT: port().default(3000).description('Port to listen on; 0 picks a free one.'),
  HOST: text().default('0.0.0.0').description('Address to listen on.'),
  NODE_ENV: Joi.string()
    .valid('development', 'production', 'test')
    .default('development')
    .description('`production` turns the safe defaults into requirements.'),
  CORS_ORIGIN: origins().description(
    'Origins that browsers may call from, separated by commas. Unset: any localhost in development, none in production.',
  ),
  TRUST_PROXY: trustedProxies()
    .default(false)
    .description(
      'How many proxies stand before the server, or their addresses, so that the address of a caller is right.',
    ),
  BODY_LIMIT_BYTES: count(1024)
    .default(1_048_576)
    .description('Largest HTTP body; a socket packet may be twice as large.'),
  MESSAGE_MAX_BYTES: count(1).default(65_536).description('Longest user message, in bytes of UTF-8.'),
  METRICS_TOKEN: text().min(16).description('Bearer token that `/metrics` asks for. Unset: open, like `/health`.'),
  SHUTDOWN_GRACE_MS: millis().default(30_000).description('How long running answers may go on after SIGTERM.'),
  SOCKET_PING_INTERVAL_MS: millis(100).default(25_000).description('Pause between two pings to a socket.'),
  SOCKET_PING_TIMEOUT_MS: millis(100)
    .default(20_000)
    .description('A socket that answers no ping for so long is closed.'),
  SOCKET_CONNECT_TIMEOUT_MS: millis(100)
    .default(45_000)
    .description('A connection that joins no namespace for so long is closed.'),
};

/** What the HTTP and socket servers need. */
export function serverSlice(settings: Settings): ServerConfig {
  const read = readerOf(coreVariables, settings);
  const environment = read<ServerConfig['environment']>('NODE_ENV');
  return {
    port: read('PORT'),
    host: read('HOST'),
    environment,
    corsOrigins: read<string[] | undefined>('CORS_ORIGIN') ?? (environment === 'production' ? [] : 'localhost'),
    trustProxy: read('TRUST_PROXY'),
    bodyLimitBytes: read('BODY_LIMIT_BYTES'),
    messageMaxBytes: read('MESSAGE_MAX_BYTES'),
    metricsToken: read('METRICS_TOKEN'),
    shutdownGraceMs: read('SHUTDOWN_GRACE_MS'),
    socketPingIntervalMs: read('SOCKET_PING_INTERVAL_MS'),
    socketPingTimeoutMs: read('SOCKET_PING_TIMEOUT_MS'),
    socketConnectTimeoutMs: read('SOCKET_CONNECT_TIMEOUT_MS'),
  };
}
