import { loadConfig } from '../../config/load-config.js';
import { corsOptions, mayOpenSocket } from './cors-options.js';

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

describe('A socket may be opened', () => {
  const host = 'talksy.example.com:8443';
  const may = (env: NodeJS.ProcessEnv, origin: string | undefined) =>
    mayOpenSocket({ host, ...(origin !== undefined && { origin }) }, loadConfig(env).server);

  it.each([undefined, 'https://talksy.example.com:8443', 'http://localhost:5173'])('by %s in development', (origin) => {
    expect(may({}, origin)).toBe(true);
  });

  it.each(['https://talksy.example.com', 'https://evil.example', 'null', '', 'not an origin'])(
    'not by %s',
    (origin) => {
      expect(may({}, origin)).toBe(false);
    },
  );

  it('by the listed origins, and by none where none is listed', () => {
    expect(may({ CORS_ORIGIN: 'https://a.example' }, 'https://A.example')).toBe(true);
    expect(may({ CORS_ORIGIN: 'https://a.example' }, 'http://localhost')).toBe(false);
    expect(may(production, 'http://localhost')).toBe(false);
  });
});
