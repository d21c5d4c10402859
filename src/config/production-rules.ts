import { ConfigError } from './config-error.js';
import type { AuthConfig, TalksyConfig } from './config.js';

const SECRET_MIN_BYTES = 32;
const PASSWORD_MIN_BYTES = 8;
const PASSWORD_MAX_BYTES = 72;

/** Texts that stand in examples and are copied from there: everybody knows them. */
const SAMPLE_SECRET =
  /change[-_ ]?(me|this|it|in[-_ ]production)|your[-_ ]?(own[-_ ]?|super[-_ ]?|jwt[-_ ]?)*secret|default|example|placeholder/i;

/** Refuses combinations that pass variable by variable but could not work, or not safely. Throws ConfigError. */
export function requireWorkable({ server, ai, auth }: TalksyConfig): void {
  requireLong('JWT_SECRET', auth.jwtSecret);
  requireLong('REFRESH_SECRET', auth.refreshSecret);
  requireAdmin(auth);
  if (server.environment === 'production' && !auth.jwtSecret) {
    throw new ConfigError('JWT_SECRET must be set in production: 32 random bytes or more, the same on every node');
  }
  if (server.environment === 'production') {
    requireOwnSecrets(auth);
    requireGuestsMeant(auth);
  }
  if (server.messageMaxBytes > server.bodyLimitBytes) {
    throw new ConfigError('MESSAGE_MAX_BYTES must not be larger than BODY_LIMIT_BYTES, which every message must fit');
  }
  const mustAnswer = server.environment === 'production' || !ai.fallback;
  for (const name of ai.leftOut) if (mustAnswer) refuseVendor(name);
}

function refuseVendor(name: string): never {
  const prefix = name.toUpperCase();
  const needed = `${prefix}_API_KEY must be set for the provider ${name}`;
  throw new ConfigError(`${needed} (or ${prefix}_BASE_URL for a server without keys)`);
}

function requireLong(name: string, secret: string | undefined): void {
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_MIN_BYTES) {
    throw new ConfigError(
      `${name} must have ${SECRET_MIN_BYTES} bytes or more; make one with: openssl rand -base64 48`,
    );
  }
}

function requireOwnSecrets({ jwtSecret, jwtPreviousSecrets, refreshSecret }: AuthConfig): void {
  const named = { JWT_SECRET: [jwtSecret], JWT_PREVIOUS_SECRETS: jwtPreviousSecrets, REFRESH_SECRET: [refreshSecret] };
  for (const [name, secrets] of Object.entries(named)) {
    if (!secrets.some((secret) => secret && SAMPLE_SECRET.test(secret))) continue;
    throw new ConfigError(`${name} is a default text that anybody can guess; make one with: openssl rand -base64 48`);
  }
}

function requireGuestsMeant({ required, guestsInProduction }: AuthConfig): void {
  if (required || guestsInProduction) return;
  throw new ConfigError(
    'AUTH_REQUIRED=false lets anybody in; set AUTH_GUESTS_IN_PRODUCTION=true if that is meant, or leave AUTH_REQUIRED unset',
  );
}

function requireAdmin({ admin }: AuthConfig): void {
  if (!admin) return;
  if (!admin.email) throw new ConfigError('ADMIN_EMAIL must be set where ADMIN_PASSWORD is');
  if (!admin.password) throw new ConfigError('ADMIN_PASSWORD must be set where ADMIN_EMAIL is');
  const bytes = Buffer.byteLength(admin.password);
  if (bytes < PASSWORD_MIN_BYTES || bytes > PASSWORD_MAX_BYTES) {
    throw new ConfigError(`ADMIN_PASSWORD must have ${PASSWORD_MIN_BYTES} to ${PASSWORD_MAX_BYTES} bytes`);
  }
}
