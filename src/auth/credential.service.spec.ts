import { JwtService } from '@nestjs/jwt';
import { FakeClock } from '../../test/support/fake-clock.js';
import { MemoryTokenFamilyStore } from '../../test/support/memory-token-family-store.js';
import { MemoryUserStore } from '../../test/support/memory-user-store.js';
import { loadConfig } from '../config/load-config.js';
import { Accounts } from '../user/accounts.service.js';
import { CredentialService } from './credential.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { SIGN_RULES, VERIFY_RULES } from './tokens/token-rules.js';
import { newRowId } from '../common/ids.js';

async function signIn(lifeMs: number) {
  const clock = new FakeClock();
  const families = new MemoryTokenFamilyStore(clock);
  const accounts = new Accounts(new MemoryUserStore());
  const jwt = new JwtService({ secret: 's'.repeat(32), signOptions: SIGN_RULES, verifyOptions: VERIFY_RULES });
  const tokens = new AccessTokens(jwt, clock, loadConfig({}).auth);
  const user = await accounts.create('ada@example.com', 'hash');
  const familyId = newRowId();
  await families.open({ id: familyId, userId: user.id, expiresAt: new Date(clock.now() + lifeMs) }, 'hash');
  const { accessToken } = await tokens.issue(user, familyId);
  return { clock, user, familyId, accessToken, credentials: new CredentialService(tokens, families, accounts, clock) };
}

describe('Talksy, given a credential,', () => {
  it('says whose it is and how long it lasts', async () => {
    const { clock, user, familyId, accessToken, credentials } = await signIn(1000);
    expect(await credentials.authenticate(accessToken)).toEqual({
      userId: user.id,
      role: 'user',
      familyId,
      tokenId: expect.any(String),
      expiresAt: clock.now() + 900_000,
    });
  });

  it('refuses one whose sign-in has expired', async () => {
    const { clock, accessToken, credentials } = await signIn(1000);
    clock.advance(1000);
    await expect(credentials.authenticate(accessToken)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('refuses what is no token at all', async () => {
    const { credentials } = await signIn(1000);
    for (const token of ['', 'a.b.c', 'x'.repeat(100_000), undefined as unknown as string]) {
      await expect(credentials.authenticate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });
});
