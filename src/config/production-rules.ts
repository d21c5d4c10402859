import { ConfigError } from './config-error.js';
import type { AiConfig, TalksyConfig } from './config.js';

const SECRET_MIN_BYTES = 32;

/** Refuses combinations that pass variable by variable but could not work, or not safely. Throws ConfigError. */
export function requireWorkable({ server, ai, auth }: TalksyConfig): void {
  requireLong('JWT_SECRET', auth.jwtSecret);
  requireLong('REFRESH_SECRET', auth.refreshSecret);
  if (server.environment === 'production' && !auth.jwtSecret) {
    throw new ConfigError('JWT_SECRET must be set in production: 32 random bytes or more, the same on every node');
  }
  if (server.messageMaxBytes > server.bodyLimitBytes) {
    throw new ConfigError('MESSAGE_MAX_BYTES must not be larger than BODY_LIMIT_BYTES, which every message must fit');
  }
  if (ai.provider !== 'mock') requireVendor(ai.provider, ai);
}

function requireVendor(name: 'openai' | 'groq', ai: AiConfig): void {
  const { apiKey, baseUrl } = ai[name];
  if (apiKey || baseUrl) return;
  const prefix = name.toUpperCase();
  const needed = `${prefix}_API_KEY must be set for AI_PROVIDER=${name}`;
  throw new ConfigError(`${needed} (or ${prefix}_BASE_URL for a server without keys)`);
}

function requireLong(name: string, secret: string | undefined): void {
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_MIN_BYTES) {
    throw new ConfigError(
      `${name} must have ${SECRET_MIN_BYTES} bytes or more; make one with: openssl rand -base64 48`,
    );
  }
}
