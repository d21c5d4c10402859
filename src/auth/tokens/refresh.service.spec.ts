import { JwtService } from '@nestjs/jwt';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryTokenFamilyStore } from '../../../test/support/memory-token-family-store.js';
import { MemoryUserStore } from '../../../test/support/memory-user-store.js';
import { loadConfig } from '../../config/load-config.js';
import { AuditLog } from '../../observability/audit-log.service.js';
import { MemoryEventBus } from '../../storage/event-bus/memory-event-bus.adapter.js';
import { Accounts } from '../../user/accounts.service.js';
import { Secrets } from '../secrets/secrets.js';
import { AccessTokens } from './access-tokens.service.js';
import { RefreshTokens } from './refresh-tokens.service.js';
import { RefreshService } from './refresh.service.js';
import { SignOutService } from './sign-out.service.js';
import { SIGN_RULES } from './token-rules.js';

/** A store in which something happens between the reading of a token and its exchange. */
class InterruptedFamilies extends MemoryTokenFamilyStore {
  meanwhile: () => Promise<unknown> = async () => undefined;

  override async rotate(tokenHash: string, successorHash: string, expiresAt: Date): Promise<boolean> {
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
    return super.rotate(tokenHash, successorHash, expiresAt);
  }
}

async function openFamily() {
  const clock = new FakeClock();
  const families = new InterruptedFamilies(clock);
  const users = new MemoryUserStore();
  const { auth } = loadConfig({ JWT_SECRET: 'j'.repeat(32), REFRESH_SECRET: 'r'.repeat(32) });
  const secrets = await Secrets.load(auth, { load: async () => '' });
  const tokens = new RefreshTokens(secrets, clock, auth);
  const accounts = new Accounts(users);
  const access = new AccessTokens(
    new JwtService({ secret: secrets.signing.key, signOptions: SIGN_RULES }),
    clock,
    auth,
  );
  const signOut = new SignOutService(families, tokens, new MemoryEventBus(), new AuditLog());
  const refreshes = new RefreshService(families, tokens, access, accounts, signOut);
  const { id: userId } = await accounts.create('ada@example.com', 'hash');
  const token = tokens.make();
  await families.open({ id: 'family', userId, expiresAt: tokens.expiry() }, tokens.hashOf(token));
  return { families, refreshes, signOut, token, successor: tokens.successorOf(token) };
}

describe('Talksy, exchanging a refresh token,', () => {
  it('agrees with a caller who was faster', async () => {
    const { families, refreshes, token, successor } = await openFamily();
    families.meanwhile = () => refreshes.refresh(token);
    expect((await refreshes.refresh(token)).refreshToken).toBe(successor);
  });

  it('sees that the faster caller went on, and ends the sign-in', async () => {
    const { families, refreshes, token, successor } = await openFamily();
    families.meanwhile = async () => {
      await refreshes.refresh(token);
      await refreshes.refresh(successor);
    };
    await expect(refreshes.refresh(token)).rejects.toMatchObject({ code: 'TOKEN_REUSED' });
    expect(families.families.get('family')?.revokedAt).toBeInstanceOf(Date);
  });

  it('sees that the sign-in ended meanwhile', async () => {
    const { families, refreshes, signOut, token } = await openFamily();
    families.meanwhile = () => signOut.logout(token, undefined);
    await expect(refreshes.refresh(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('gives up where the store refuses without a reason it could see', async () => {
    const { families, refreshes, token } = await openFamily();
    families.rotate = async () => false;
    await expect(refreshes.refresh(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
