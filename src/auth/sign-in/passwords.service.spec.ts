import { loadConfig } from '../../config/load-config.js';
import { Passwords } from './passwords.service.js';

describe('Talksy, keeping passwords,', () => {
  const passwords = new Passwords(loadConfig({ BCRYPT_ROUNDS: '4' }).auth);

  it('knows the right one from a wrong one, up to the last of 72 bytes', async () => {
    const password = 'ü'.repeat(36);
    const hash = await passwords.hash(password);
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await passwords.matches(password, hash)).toBe(true);
    expect(await passwords.matches(`${'ü'.repeat(35)}ö`, hash)).toBe(false);
  });

  it('sees what stands behind a zero byte', async () => {
    expect(await passwords.matches('a\0bcdefg', await passwords.hash('a\0hijklm'))).toBe(false);
  });

  it('compares, in vain, where there is no account', async () => {
    expect(await passwords.matches('correct horse', undefined)).toBe(false);
  });
});
