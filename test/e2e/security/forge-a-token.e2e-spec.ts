import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AssistantClient, register } from '../../support/assistant-client.js';
import { claimsOf, handMadeJwt } from '../../support/hand-made-jwt.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

const SECRET = 'the newest secret of this server, long enough';
const PREVIOUS = 'the secret from before the last rotation as well';
const VECTORS = resolve(import.meta.dirname, '../../../../shared/conformance/wycheproof');

const part = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('Talksy, given a forged access token,', () => {
  let server: TestApp;
  let genuine: string;
  const tryHttp = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await rest(server.url, ['GET', '/auth/me'], { headers });
    return status === 200 ? 'welcome' : body.code;
  };
  const trySocket = async (token: string) => {
    const client = AssistantClient.dial(server.url, { token });
    const end = await client.until((event) => event === 'connect_error' || event.startsWith('SESSION_'));
    client.close();
    return end.data?.code ?? 'welcome';
  };

  beforeAll(async () => {
    server = await startTalksy({ JWT_SECRET: SECRET, JWT_PREVIOUS_SECRETS: PREVIOUS });
    genuine = (await register(server.url)).accessToken;
  });
  afterAll(() => server.close());

  it('lets genuine ones in, also those signed before the last change of the secret', async () => {
    const claims = claimsOf(genuine);
    for (const token of [genuine, handMadeJwt(claims, SECRET), handMadeJwt(claims, PREVIOUS)]) {
      expect([await tryHttp(token), await trySocket(token)]).toEqual(['welcome', 'welcome']);
    }
    const header = JSON.parse(Buffer.from(genuine.split('.')[0]!, 'base64url').toString());
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{12}$/) });
  });

  it('refuses every other algorithm, key, issuer, audience and claim, over HTTP and sockets', async () => {
    const claims = claimsOf(genuine);
    const [head, body, signature = ''] = genuine.split('.');
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const rs256 = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    const { exp: _exp, ...endless } = claims;
    const forgeries: Record<string, string> = {
      'no signature, alg none': `${part({ alg: 'none' })}.${part(claims)}.`,
      'alg nOnE': `${part({ alg: 'nOnE' })}.${part(claims)}.`,
      'alg none, but signed': handMadeJwt(claims, SECRET, { alg: 'none' }),
      'no signature, alg kept': `${head}.${body}.`,
      'HS512 with the right secret': handMadeJwt(claims, SECRET, { alg: 'HS512' }),
      'an RSA signature': `${rs256}.${sign('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`,
      'HS256 with a public key for a secret': handMadeJwt(claims, pem),
      'an empty secret': `${head}.${body}.${createHmac('sha256', '').update(`${head}.${body}`).digest('base64url')}`,
      'a key of its own in the header': handMadeJwt(claims, 'attacker', {
        alg: 'HS256',
        jwk: { kty: 'oct', k: part('attacker') },
      }),
      'a key from a file': handMadeJwt(claims, '', { alg: 'HS256', kid: '../../../../dev/null' }),
      'a key from elsewhere': handMadeJwt(claims, 'x', { alg: 'HS256', jku: 'http://127.0.0.1/keys.json' }),
      'another secret': handMadeJwt(claims, 'another secret that is long enough, too'),
      'another audience': handMadeJwt({ ...claims, aud: 'elsewhere' }, SECRET),
      'another issuer': handMadeJwt({ ...claims, iss: 'elsewhere' }, SECRET),
      'no expiry': handMadeJwt(endless, SECRET),
      'an expiry that is no number': handMadeJwt({ ...claims, exp: '9999999999' }, SECRET),
      'a subject that is no id': handMadeJwt({ ...claims, sub: "' or true --" }, SECRET),
      'a changed payload': `${head}.${part({ ...claims, role: 'admin' })}.${signature}`,
      'a cut signature': `${head}.${body}.${signature.slice(0, -4)}`,
      'a longer signature': `${genuine}AAAA`,
      'five parts': `${genuine}.a.b`,
      nothing: '..',
      garbage: 'garbage',
    };
    for (const [what, token] of Object.entries(forgeries)) {
      expect([what, await tryHttp(token), await trySocket(token)]).toEqual([what, 'UNAUTHORIZED', 'UNAUTHORIZED']);
    }
  });

  it('believes the account, not the token, about the role', async () => {
    const token = handMadeJwt({ ...claimsOf(genuine), role: 'admin' }, SECRET);
    expect(await tryHttp(token)).toBe('welcome');
    const { status, body } = await rest(server.url, ['GET', '/admin/users'], { credential: token });
    expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('says so, and only so, when a genuine token has expired', async () => {
    const expired = { ...claimsOf(genuine), exp: Math.floor(Date.now() / 1000) - 10 };
    expect(await tryHttp(handMadeJwt(expired, SECRET))).toBe('TOKEN_EXPIRED');
    expect(await trySocket(handMadeJwt(expired, SECRET))).toBe('TOKEN_EXPIRED');
    expect(await tryHttp(handMadeJwt(expired, 'another secret that is long enough, too'))).toBe('UNAUTHORIZED');
  });

  it('refuses every hostile vector of Wycheproof', async () => {
    if (!existsSync(VECTORS)) {
      process.stdout.write(`not run: the token vectors of Wycheproof, which would be in ${VECTORS}\n`);
      return;
    }
    const files = ['json_web_signature_test.json', 'json_web_key_test.json', 'json_web_crypto_test.json'];
    const tokens = files.flatMap(vectorsIn);
    expect(tokens.length).toBeGreaterThan(400);
    for (const token of new Set(tokens)) expect([token, await tryHttp(token)]).toEqual([token, 'UNAUTHORIZED']);
  });
});

function vectorsIn(file: string): string[] {
  const { testGroups } = JSON.parse(readFileSync(resolve(VECTORS, file), 'utf8')) as {
    testGroups: { tests: { jws?: string; jwe?: string }[] }[];
  };
  const tokens = testGroups.flatMap(({ tests }) => tests.map(({ jws, jwe }) => jws ?? jwe ?? ''));
  // What no header can carry reaches no server.
  return tokens.filter((token) => /^[\x21-\x7e]+$/.test(token));
}
