import { MemoryUserStore } from '../../test/support/memory-user-store.js';
import { accountView } from './account-view.js';
import { Accounts } from './accounts.service.js';

describe('Talksy’s accounts', () => {
  it('are found by id and by email, whatever its case', async () => {
    const accounts = new Accounts(new MemoryUserStore());
    const user = await accounts.create(' Ada@Example.com', 'hash');
    expect(user).toMatchObject({ email: 'ada@example.com', role: 'user' });
    expect(await accounts.find(user.id)).toEqual(user);
    expect(await accounts.findByEmail('ADA@example.com ')).toEqual({ ...user, passwordHash: 'hash' });
    expect(await accounts.findByEmail('grace@example.com')).toBeUndefined();
  });

  it('have an email that nobody else has', async () => {
    const accounts = new Accounts(new MemoryUserStore());
    await accounts.create('ada@example.com', 'hash');
    await expect(accounts.create('ADA@EXAMPLE.COM', 'hash')).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
  });

  it('are shown without the password hash', () => {
    const row = { id: 'u', email: 'e', role: 'admin' as const, createdAt: new Date(0), passwordHash: 'secret' };
    const view = { id: 'u', email: 'e', role: 'admin', createdAt: '1970-01-01T00:00:00.000Z', defaultOrgId: 'u' };
    expect(accountView(row)).toEqual(view);
  });
});
