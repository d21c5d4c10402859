import { createSecretKey } from 'node:crypto';
import { inspect } from 'node:util';
import { handMadeJwt } from '../../../test/support/hand-made-jwt.js';
import { loadConfig } from '../../config/load-config.js';
import { Secrets, tokenKey } from './secrets.js';

describe('Talksy, looking for its keys,', () => {
  const store = { load: async (name: string) => `generated ${name}` };
  const textOf = ({ signing, refreshKey }: Secrets) => [signing.key, refreshKey].map((key) => key.export().toString());

  it('takes them from the configuration', async () => {
    const { auth } = loadConfig({ JWT_SECRET: 'j'.repeat(32), REFRESH_SECRET: 'r'.repeat(32) });
    expect(textOf(await Secrets.load(auth, store))).toEqual(['j'.repeat(32), 'r'.repeat(32)]);
  });

  it('takes those it was not given from the store', async () => {
    const { auth } = loadConfig({ JWT_SECRET: 'j'.repeat(32) });
    expect(textOf(await Secrets.load(auth, store))).toEqual(['j'.repeat(32), 'generated refresh']);
    expect(textOf(await Secrets.load(loadConfig({}).auth, store))).toEqual(['generated jwt', 'generated refresh']);
  });

  it('signs with the newest, and verifies with the one that a token was signed with', async () => {
    const [newest, older, oldest] = ['n', 'o', 'p'].map((letter) => letter.repeat(32)) as [string, string, string];
    const { auth } = loadConfig({ JWT_SECRET: newest, JWT_PREVIOUS_SECRETS: `${older},${oldest}` });
    const secrets = await Secrets.load(auth, store);
    const keyFor = (token: string) => secrets.verifying(token).export().toString();
    expect(secrets.signing.key.export().toString()).toBe(newest);
    const { id } = tokenKey(createSecretKey(Buffer.from(oldest)));
    expect(keyFor(handMadeJwt({}, newest))).toBe(newest);
    expect(keyFor(handMadeJwt({}, older))).toBe(older);
    expect(keyFor(handMadeJwt({}, oldest))).toBe(oldest);
    expect(keyFor(handMadeJwt({}, newest, { alg: 'HS256', kid: id }))).toBe(oldest);
    for (const strange of [
      '',
      'a.b.c',
      `${Buffer.from('null').toString('base64url')}.e30.`,
      handMadeJwt({}, 'strange'),
    ]) {
      expect(keyFor(strange)).toBe(newest);
    }
  });

  it('does not print them', async () => {
    expect(inspect(await Secrets.load(loadConfig({}).auth, store), { depth: 9 })).not.toContain('generated');
  });
});
