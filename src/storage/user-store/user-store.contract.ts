import type { ContractCase } from '../../../test/support/contract.js';
import { newRowId } from '../../common/ids.js';
import type { NewUser, UserStore } from '../../user/user-store.port.js';

const newUser = (email = `${newRowId()}@example.com`): NewUser => ({
  id: newRowId(),
  email,
  passwordHash: '$2b$04$hash',
});

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
];
