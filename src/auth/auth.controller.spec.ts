import { Accounts } from '../user/accounts.service.js';
import { MemoryUserStore } from '../../test/support/memory-user-store.js';
import { AuthController } from './auth.controller.js';
import type { RefreshService } from './tokens/refresh.service.js';
import type { SignInService } from './sign-in/sign-in.service.js';
import type { SignOutService } from './tokens/sign-out.service.js';

describe('Talksy, asked who is calling,', () => {
  it('refuses an account that was deleted since the check', async () => {
    const unused = {};
    const controller = new AuthController(
      unused as SignInService,
      unused as RefreshService,
      unused as SignOutService,
      new Accounts(new MemoryUserStore()),
    );
    const principal = { userId: 'gone', role: 'user', familyId: 'f', tokenId: 't', expiresAt: 0 } as const;
    await expect(controller.me(principal)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
