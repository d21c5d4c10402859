import { MemoryUserStore } from '../../test/support/memory-user-store.js';
import { TalksyError } from '../common/errors/talksy-error.js';
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

  it('are one and the same however an address is spelt', async () => {
    const accounts = new Accounts(new MemoryUserStore());
    const user = await accounts.create('zo\u00eb@example.com', 'hash');
    expect(await accounts.findByEmail('ZOE\u0308@example.com')).toMatchObject({ id: user.id });
  });

  it('are made once under an id, however many ask', async () => {
    const users = new MemoryUserStore();
    const accounts = new Accounts(users);
    const made = await Promise.all([1, 2].map(() => accounts.ensure('id', 'billing@service.invalid', 'service')));
    expect(made[0]).toEqual(made[1]);
    users.insert = async () => Promise.reject(new TalksyError('CONFLICT'));
    expect(await accounts.ensure('id', 'billing@service.invalid', 'service')).toEqual(made[0]);
    await expect(accounts.ensure('other', 'billing@service.invalid', 'service')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    users.insert = async () => Promise.reject(new TalksyError('STORE_UNAVAILABLE'));
    await expect(accounts.ensure('id', 'x', 'service')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('always leave one admin', async () => {
    const accounts = new Accounts(new MemoryUserStore());
    const { id } = await accounts.create('ada@example.com', 'hash', 'admin');
    await expect(accounts.change(id, { role: 'user' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(accounts.delete(id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(accounts.change('nobody', { role: 'user' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await accounts.delete('nobody');
  });

  it('are shown without the password hash', () => {
    const row = {
      id: 'u',
      email: 'e',
      role: 'admin' as const,
      createdAt: new Date(0),
      disabledAt: undefined,
      passwordHash: 'secret',
    };
    const view = { id: 'u', email: 'e', role: 'admin', createdAt: '1970-01-01T00:00:00.000Z', defaultOrgId: 'u' };
    expect(accountView(row)).toEqual(view);
  });
});
