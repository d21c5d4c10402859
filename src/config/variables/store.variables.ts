import { resolve } from 'node:path';
import Joi from 'joi';
import type { RedisConfig, StoreConfig } from '../config.js';
import { count, port, postgresUrl, redisUrl, text } from './kinds.js';
import { type Read, type Settings, readerOf } from './reader.js';

/** Where durable things are kept, and where nodes share what is hot. */
export const storeVariables = {
  DATA_DIR: text()
    .default('./.data')
    .description('Folder of the embedded database and of generated secrets; locked while the server runs.'),
  DATABASE_URL: postgresUrl().description('PostgreSQL to use. Unset: an embedded PostgreSQL (PGlite) in `DATA_DIR`.'),
  REDIS_ENABLED: Joi.boolean()
    .default(false)
    .description('Keeps running answers, leases and sessions in Redis, where all nodes share them; else in memory.'),
  REDIS_URL: redisUrl().description('Where Redis is, with password and database; wins over the variables below.'),
  REDIS_HOST: text().hostname().default('localhost').description('Host of Redis, without `REDIS_URL`.'),
  REDIS_PORT: port().default(6379).description('Port of Redis, without `REDIS_URL`.'),
  REDIS_PASSWORD: text().description('Password of Redis, without `REDIS_URL`.'),
  REDIS_DB: count().default(0).description('Number of the Redis database, without `REDIS_URL`.'),
  REDIS_TLS: Joi.boolean().default(false).description('Speaks TLS to Redis, without `REDIS_URL`.'),
  REDIS_KEY_PREFIX: text()
    .default('talksy:')
    .pattern(/[{}\s]/, { invert: true, name: 'braces or blanks' })
    .description('Stands before every key and channel, so that several installations can share one Redis.'),
};

/** What the stores need. */
export function storeSlice(settings: Settings): StoreConfig {
  const read = readerOf(storeVariables, settings);
  return {
    dataDir: resolve(read<string>('DATA_DIR')),
    databaseUrl: read('DATABASE_URL'),
    redis: read<boolean>('REDIS_ENABLED') ? redisOf(read) : undefined,
  };
}

function redisOf(read: Read<typeof storeVariables>): RedisConfig {
  const keyPrefix = read<string>('REDIS_KEY_PREFIX');
  const address = read<string | undefined>('REDIS_URL');
  if (address) return { ...addressOf(new URL(address)), keyPrefix };
  return {
    host: read('REDIS_HOST'),
    port: read('REDIS_PORT'),
    username: undefined,
    password: read('REDIS_PASSWORD'),
    db: read('REDIS_DB'),
    tls: read('REDIS_TLS'),
    keyPrefix,
  };
}

function addressOf({ protocol, hostname, port: given, username, password, pathname }: URL) {
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(given || 6379),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db: Number(pathname.slice(1)) || 0,
    tls: protocol === 'rediss:',
  };
}
