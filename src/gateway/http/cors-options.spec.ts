import { loadConfig } from '../../config/load-config.js';
import { corsOptions } from './cors-options.js';

const optionsFor = (env: NodeJS.ProcessEnv) => corsOptions(loadConfig(env).server);
const production = { NODE_ENV: 'production', JWT_SECRET: 'j'.repeat(32) };

describe('Talksy’s CORS', () => {
  it('admits any port of this machine in development', () => {
    const { origin, credentials } = optionsFor({});
    expect(credentials).toBe(true);
    const admits = (candidate: string) => (origin as RegExp).test(candidate);
    const local = ['http://localhost', 'https://localhost:8443', 'http://127.0.0.1:5173', 'http://[::1]:3000'];
    expect(local.filter(admits)).toEqual(local);
    const foreign = ['http://localhost.evil.example', 'http://evil.example/?localhost', 'http://127.0.0.11', 'null'];
    expect(foreign.filter(admits)).toEqual([]);
  });

  it('admits the listed origins, and none where none is listed', () => {
    const listed = 'https://a.example, https://b.example/';
    expect(optionsFor({ CORS_ORIGIN: listed }).origin).toEqual(['https://a.example', 'https://b.example']);
    expect(optionsFor(production).origin).toBe(false);
  });
});
