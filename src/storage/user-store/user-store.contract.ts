import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { NewUser, UserStore } from '../../user/user-store.port.js';
import type { User } from '../../user/user.js';

const newUser = (email = `${newRowId()}@example.com`): NewUser => ({
  id: newRowId(),
  email,
  passwordHash: '$2b$04$hash',
});

async function insertAdmins(store: UserStore, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, () => newUser());
  for (const user of users) await store.insert({ ...user, role: 'admin' });
  return users.map(({ id }) => id);
}

/** Disables every admin that other cases have left, as far as the store lets itself be asked. */
async function leaveOnly(store: UserStore, kept: readonly string[]): Promise<void> {
  for (const { id, role } of await store.list(10_000)) {
    if (role === 'admin' && !kept.includes(id)) await store.change(id, { role: 'user' });
  }
}

const activeAdmins = async (store: UserStore): Promise<string[]> =>
  (await store.list(10_000)).filter(({ role, disabledAt }) => role === 'admin' && !disabledAt).map(({ id }) => id);

/** What every store of accounts must keep. */
export const userStoreContract: readonly ContractCase<UserStore>[] = [
  {
    name: 'finds an account by id and by email',
    prove: async (store) => {
      const { id, email, passwordHash } = newUser();
      const user = await store.insert({ id, email, passwordHash });
      expect(user).toEqual({ id, email, role: 'user', createdAt: expect.anything() });
      expect(Math.abs(user!.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await store.find(id)).toEqual(user);
      expect(await store.findByEmail(email)).toEqual({ ...user, passwordHash });
    },
  },
  {
    name: 'finds nothing where nothing is, also under what is no id',
    prove: async (store) => {
      expect(await store.find(newRowId())).toBeUndefined();
      expect(await store.find("'; drop table users; --")).toBeUndefined();
      expect(await store.findByEmail('nobody@example.com')).toBeUndefined();
    },
  },
  {
    name: 'compares emails as they are given',
    prove: async (store) => {
      const user = newUser();
      await store.insert(user);
      expect(await store.findByEmail(user.email.toUpperCase())).toBeUndefined();
    },
  },
  {
    name: 'gives an email to one of ten accounts that ask at once',
    prove: async (store) => {
      const { email } = newUser();
      const inserted = await Promise.all(Array.from({ length: 10 }, () => store.insert(newUser(email))));
      const winners = inserted.filter((user) => user !== undefined);
      expect(winners).toHaveLength(1);
      expect(await store.findByEmail(email)).toMatchObject({ id: winners[0]!.id });
    },
  },
  {
    name: 'refuses text that cannot be stored',
    prove: async (store) => {
      await expect(store.insert(newUser('nul\0@example.com'))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
      await expect(store.findByEmail('nul\0@example.com')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    },
  },
  {
    name: 'keeps an account without a password, of the role it was given',
    prove: async (store) => {
      const { id, email } = newUser();
      expect(await store.insert({ id, email, role: 'service' })).toMatchObject({ id, role: 'service' });
      expect((await store.findByEmail(email))!.passwordHash).toBeUndefined();
    },
  },
  {
    name: 'lists every account once, page by page',
    prove: async (store) => {
      const ids = [newUser(), newUser(), newUser()];
      for (const user of ids) await store.insert(user);
      const seen: string[] = [];
      for (;;) {
        const page = await store.list(2, seen.at(-1));
        seen.push(...page.map(({ id }) => id));
        if (page.length < 2) break;
      }
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toEqual(expect.arrayContaining(ids.map(({ id }) => id)));
    },
  },
  {
    name: 'changes what it is told and nothing else',
    prove: async (store) => {
      const user = await store.insert(newUser());
      await insertAdmins(store, 1);
      const { disabledAt, ...disabled } = (await store.change(user!.id, { disabled: true })) as User;
      expect(disabled).toEqual({ ...disabled, id: user!.id, role: 'user' });
      expect(disabledAt).toEqual(expect.anything());
      expect(await store.change(user!.id, { disabled: true, role: 'admin' })).toMatchObject({
        disabledAt,
        role: 'admin',
      });
      expect(await store.change(user!.id, {})).toMatchObject({ disabledAt, role: 'admin' });
      expect(await store.change(user!.id, { disabled: false })).toMatchObject({ disabledAt: undefined, role: 'admin' });
    },
  },
  {
    name: 'sets the password of whoever is there',
    prove: async (store) => {
      const { id, email, passwordHash } = newUser();
      await store.insert({ id, email, passwordHash: passwordHash! });
      expect(await store.setPassword(id, 'other')).toBe(true);
      expect(await store.findByEmail(email)).toMatchObject({ passwordHash: 'other' });
      expect(await store.setPassword(newRowId(), 'other')).toBe(false);
    },
  },
  {
    name: 'deletes an account for good',
    prove: async (store) => {
      const { id, email } = (await store.insert(newUser()))!;
      expect(await store.delete(id)).toBe('deleted');
      expect(await store.find(id)).toBeUndefined();
      expect(await store.delete(id)).toBe('missing');
      expect(await store.insert(newUser(email))).toBeDefined();
    },
  },
  {
    name: 'deletes guests without a sign-in, and nobody else',
    prove: async (store) => {
      const [guest, user] = [newUser(), newUser()];
      await store.insert({ ...guest, role: 'guest' });
      await store.insert(user);
      const soon = new Date(Date.now() + 60_000);
      expect(await store.deleteStrandedGuests(new Date(0), 10)).toBe(0);
      expect(await store.deleteStrandedGuests(soon, 0)).toBe(0);
      expect(await store.deleteStrandedGuests(soon, 10)).toBe(1);
      expect([await store.find(guest.id), (await store.find(user.id))?.id]).toEqual([undefined, user.id]);
    },
  },
  {
    name: 'changes and deletes nothing where nothing is',
    prove: async (store) => {
      for (const id of [newRowId(), 'none']) {
        expect(await store.change(id, { disabled: true })).toBe('missing');
        expect(await store.delete(id)).toBe('missing');
      }
    },
  },
  {
    name: 'does not let the last admin go, in any way',
    prove: async (store) => {
      const [first, last] = (await insertAdmins(store, 2)) as [string, string];
      await leaveOnly(store, [first, last]);
      expect(await store.change(first, { disabled: true })).toMatchObject({ id: first });
      for (const change of [{ role: 'user' }, { disabled: true }, { role: 'user', disabled: false }] as const) {
        expect(await store.change(last, change)).toBe('last-admin');
      }
      expect(await store.delete(last)).toBe('last-admin');
      expect(await store.change(last, { role: 'admin', disabled: false })).toMatchObject({ id: last });
      expect(await store.delete(first)).toBe('deleted');
    },
  },
  {
    name: 'leaves one admin, however many go at once',
    prove: async (store) => {
      const admins = await insertAdmins(store, 6);
      await leaveOnly(store, admins);
      await Promise.all(
        admins.map((id, i) => (i % 2 ? store.change(id, { disabled: true }) : store.change(id, { role: 'user' }))),
      );
      const left = await activeAdmins(store);
      expect(left).toHaveLength(1);
      await Promise.all(left.map((id) => store.delete(id)));
      expect(await activeAdmins(store)).toEqual(left);
    },
  },
];
