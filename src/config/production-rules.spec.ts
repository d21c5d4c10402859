import { loadConfig } from './load-config.js';

const secret = 'a'.repeat(32);
const production = { NODE_ENV: 'production', JWT_SECRET: secret };

describe('A server in production', () => {
  it('starts with a secret of 32 bytes', () => {
    expect(loadConfig(production).server).toMatchObject({ environment: 'production', corsOrigins: [] });
  });

  it('refuses to start without a secret', () => {
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(/^JWT_SECRET must be set in production/);
  });

  it.each([
    ['JWT_SECRET', 'your-super-secret-jwt-key-for-the-server'],
    ['JWT_SECRET', 'please-change-me-please-change-me-now'],
    ['REFRESH_SECRET', 'a default secret that stands in the readme'],
    ['JWT_PREVIOUS_SECRETS', `${secret},the-example-secret-of-some-tutorial`],
  ])('refuses a %s that everybody knows', (name, value) => {
    expect(() => loadConfig({ ...production, [name]: value })).toThrow(new RegExp(`^${name} is a default text`));
  });

  it('lets guests in only where that is said twice', () => {
    const open = { ...production, AUTH_REQUIRED: 'false' };
    expect(() => loadConfig(open)).toThrow(/^AUTH_REQUIRED=false lets anybody in; set AUTH_GUESTS_IN_PRODUCTION=true/);
    expect(loadConfig({ ...open, AUTH_GUESTS_IN_PRODUCTION: 'true' }).auth.required).toBe(false);
    expect(loadConfig({ AUTH_REQUIRED: 'false' }).auth.required).toBe(false);
  });

  it('refuses a wildcard of origins, which would let any site act for a signed-in user', () => {
    expect(() => loadConfig({ ...production, CORS_ORIGIN: '*' })).toThrow(/^CORS_ORIGIN must list origins/);
  });
});

describe('Any server', () => {
  it.each(['JWT_SECRET', 'REFRESH_SECRET'])('refuses a short %s', (name) => {
    expect(() => loadConfig({ [name]: 'a'.repeat(31) })).toThrow(`${name} must have 32 bytes or more`);
  });

  it('refuses short previous secrets, and does not repeat them', () => {
    expect(() => loadConfig({ JWT_PREVIOUS_SECRETS: `${secret}, hunter2` })).toThrow(
      /^JWT_PREVIOUS_SECRETS must list secrets of 32 bytes or more(?!.*hunter2)/,
    );
  });

  it('takes an admin whole or not at all', () => {
    expect(() => loadConfig({ ADMIN_EMAIL: 'ada@example.com' })).toThrow(/^ADMIN_PASSWORD must be set/);
    expect(() => loadConfig({ ADMIN_PASSWORD: 'correct horse' })).toThrow(/^ADMIN_EMAIL must be set/);
    expect(() => loadConfig({ ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'short' })).toThrow(
      /^ADMIN_PASSWORD must have 8 to 72 bytes/,
    );
    const { admin } = loadConfig({ ADMIN_EMAIL: 'Ada@Example.com', ADMIN_PASSWORD: 'correct horse' }).auth;
    expect(admin).toEqual({ email: 'ada@example.com', password: 'correct horse' });
  });

  it('reads the keys of service clients by name', () => {
    const [one, two] = ['k'.repeat(32), 'l'.repeat(40)];
    expect(loadConfig({ API_KEYS: ` Billing:${one}, search:${two},` }).auth.apiKeys).toEqual([
      { name: 'billing', key: one },
      { name: 'search', key: two },
    ]);
  });

  it.each(['k', 'billing:short', `:${'k'.repeat(32)}`, `a:${'k'.repeat(32)},a:${'l'.repeat(32)}`])(
    'refuses the keys %s, and does not repeat them',
    (value) => {
      expect(() => loadConfig({ API_KEYS: value })).toThrow(/^API_KEYS must list pairs name:key(?!.*kkkk)/);
    },
  );

  it('refuses one key under two names', () => {
    const key = 'k'.repeat(32);
    expect(() => loadConfig({ API_KEYS: `a:${key},b:${key}` })).toThrow(/^API_KEYS must list/);
  });

  it('counts a secret in bytes', () => {
    expect(loadConfig({ JWT_SECRET: 'ü'.repeat(16) }).auth.jwtSecret).toHaveLength(16);
  });

  it('refuses messages that no body could carry', () => {
    expect(() => loadConfig({ BODY_LIMIT_BYTES: '2048', MESSAGE_MAX_BYTES: '4096' })).toThrow(/^MESSAGE_MAX_BYTES/);
  });

  it.each(['openai', 'groq'])('refuses %s without a key, where the mock must not stand in', (name) => {
    const refusal = `${name.toUpperCase()}_API_KEY must be set`;
    expect(() => loadConfig({ AI_PROVIDER: name, AI_FALLBACK: 'false' })).toThrow(refusal);
    expect(() => loadConfig({ ...production, AI_PROVIDERS: `${name},mock`, AI_FALLBACK: 'true' })).toThrow(refusal);
  });

  it.each([{ OPENAI_API_KEY: 'sk-1' }, { OPENAI_BASE_URL: 'http://localhost:11434/v1' }])(
    'takes a vendor with %j',
    (given) => {
      expect(loadConfig({ AI_PROVIDER: 'openai', ...given }).ai.provider).toBe('openai');
    },
  );
});
