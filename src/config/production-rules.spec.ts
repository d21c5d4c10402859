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
});

describe('Any server', () => {
  it.each(['JWT_SECRET', 'REFRESH_SECRET'])('refuses a short %s', (name) => {
    expect(() => loadConfig({ [name]: 'a'.repeat(31) })).toThrow(`${name} must have 32 bytes or more`);
  });

  it('counts a secret in bytes', () => {
    expect(loadConfig({ JWT_SECRET: 'ü'.repeat(16) }).auth.jwtSecret).toHaveLength(16);
  });

  it('refuses messages that no body could carry', () => {
    expect(() => loadConfig({ BODY_LIMIT_BYTES: '2048', MESSAGE_MAX_BYTES: '4096' })).toThrow(/^MESSAGE_MAX_BYTES/);
  });

  it.each(['openai', 'groq'])('refuses %s without a key', (name) => {
    expect(() => loadConfig({ AI_PROVIDER: name })).toThrow(`${name.toUpperCase()}_API_KEY must be set`);
  });

  it.each([{ OPENAI_API_KEY: 'sk-1' }, { OPENAI_BASE_URL: 'http://localhost:11434/v1' }])(
    'takes a vendor with %j',
    (given) => {
      expect(loadConfig({ AI_PROVIDER: 'openai', ...given }).ai.provider).toBe('openai');
    },
  );
});
