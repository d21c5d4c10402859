import { createSecretKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { JwtService } from '@nestjs/jwt';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { loadConfig } from '../../config/load-config.js';
import { Secrets, tokenKey } from '../secrets/secrets.js';
import { AccessTokens } from './access-tokens.service.js';
import { jwtOptions } from './jwt-options.js';

const VECTORS = resolve(import.meta.dirname, '../../../../shared/conformance/wycheproof');

interface Group {
  private: { kty?: string; k?: string };
  tests: { tcId: number; jws?: string; result: string }[];
}

/** As if the server's own secret were the vector's. */
function tokensUnder(k: string): AccessTokens {
  const key = createSecretKey(Buffer.from(k, 'base64url'));
  const options = jwtOptions(new Secrets([tokenKey(key)], key));
  return new AccessTokens(new JwtService(options), new FakeClock(), loadConfig({}).auth);
}

describe('Talksy, whose secret an attacker’s token was made for,', () => {
  it('refuses every hostile vector of Wycheproof all the same', async () => {
    const file = resolve(VECTORS, 'json_web_signature_test.json');
    if (!existsSync(file)) {
      process.stdout.write(`not run: the token vectors of Wycheproof, which would be in ${VECTORS}\n`);
      return;
    }
    const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] };
    const groups = testGroups.filter(({ private: { kty } }) => kty === 'oct');
    expect(groups.length).toBeGreaterThan(0);
    for (const {
      private: { k = '' },
      tests,
    } of groups) {
      const tokens = tokensUnder(k);
      for (const { tcId, jws = '' } of tests) {
        const verdict = await tokens.verify(jws).then(
          () => 'welcome',
          (error: { code?: string }) => error.code,
        );
        expect([tcId, verdict]).toEqual([tcId, 'UNAUTHORIZED']);
      }
    }
  });
});
